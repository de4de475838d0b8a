package jsoncases

import (
	"bufio"
	"errors"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
)

// round is how many cases are read, run side by side and written before the next are read. It bounds the memory.
const round = 256

// Runner runs one case. It appends its line of output to b (AppendLine) and reports whether the case could be run. Where is the place at which the case begins, for
// Locate.
type Runner func(b, text []byte, where string) (line []byte, ok bool)

// Process runs every case of in and writes one line each to out, in the order of the input. It returns how many cases had an error; err is a failure to read or
// write, after which nothing more is done. Cases are told where they stand by the name of in and the line, or by the name alone where in holds one case. Workers 0
// stands for all cores.
func Process(out io.Writer, in io.Reader, name string, workers int, run Runner) (bad int, err error) {
	w := bufio.NewWriterSize(out, 1<<16)
	cases := newReader(in)
	for first := true; ; first = false {
		raws, readErr := cases.next(round)
		alone := first && len(raws) == 1 && errors.Is(readErr, io.EOF) && name != ""
		lines := make([][]byte, len(raws))
		done := make([]bool, len(raws))
		Each(len(raws), workers, func(i int) {
			lines[i], done[i] = run(nil, raws[i].text, raws[i].where(name, alone))
		})
		for i, l := range lines {
			if !done[i] {
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

// Locate says in an error where its case stands, if it is a Fault.
func Locate(err error, where string) {
	if f, ok := errors.AsType[*Fault](err); ok {
		f.Where = where
	}
}

// Each calls do for 0 to n-1 on so many goroutines as workers says, all cores when it is 0 or less. Do must write its results where no other call does.
func Each(n, workers int, do func(i int)) {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var next atomic.Int64
	var done sync.WaitGroup
	for range min(workers, n) {
		done.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				do(i)
			}
		})
	}
	done.Wait()
}
