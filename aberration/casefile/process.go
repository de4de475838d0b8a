package casefile

import (
	"bufio"
	"errors"
	"io"

	"github.com/baqylau/baqylau/aberration"
)

// round is how many cases are read, run side by side and written before the next are read. It bounds the memory.
const round = 256

// Process runs every case of in and writes one line each to out, in the order of the input. It returns how many cases had an error;
// err is a failure to read or write, after which nothing more is done. Errors say where their case stands by the name of in and the
// line, or by the name alone where in holds one case. Workers 0 stands for all cores.
func Process(out io.Writer, in io.Reader, name string, mode aberration.Mode, workers int) (bad int, err error) {
	w := bufio.NewWriterSize(out, 1<<16)
	cases := newReader(in)
	for first := true; ; first = false {
		raws, readErr := cases.next(round)
		alone := first && len(raws) == 1 && errors.Is(readErr, io.EOF) && name != ""
		lines := make([][]byte, len(raws))
		failed := make([]bool, len(raws))
		aberration.Batch(len(raws), workers, func(i int, _ *aberration.Worker) {
			c, err := Decode(raws[i].text)
			c.Mode = mode
			var o Output
			if err == nil {
				o, err = c.Run()
			}
			if f, ok := errors.AsType[*Fault](err); ok {
				f.Where = raws[i].where(name, alone)
			}
			failed[i], lines[i] = err != nil, Line(nil, c.ID, o, err, c.Warnings)
		})
		for i, l := range lines {
			if failed[i] {
				bad++
			}
			if _, err := w.Write(l); err != nil {
				return bad, err
			}
		}
		if errors.Is(readErr, io.EOF) {
			return bad, w.Flush()
		}
		if readErr != nil {
			return bad, errors.Join(w.Flush(), readErr)
		}
	}
}
