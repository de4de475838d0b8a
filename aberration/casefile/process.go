package casefile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/baqylau/baqylau/aberration"
)

// round is how many cases are read, run side by side and written before the next are read. It bounds the memory.
const round = 256

// Process runs every case of in and writes one line each to out, in the order of the input. It returns how many cases had an error;
// err is a failure to read or write, after which nothing more is done. Workers 0 stands for all cores.
func Process(out io.Writer, in io.Reader, mode aberration.Mode, workers int) (bad int, err error) {
	w := bufio.NewWriterSize(out, 1<<16)
	cases := newReader(in)
	for {
		raws, readErr := cases.next(round)
		lines := make([][]byte, len(raws))
		failed := make([]bool, len(raws))
		aberration.Batch(len(raws), workers, func(i int, _ *aberration.Worker) {
			c, err := Decode(raws[i])
			c.Mode = mode
			var o Output
			if err == nil {
				o, err = c.Run()
			}
			failed[i], lines[i] = err != nil, Line(nil, c.ID, o, err)
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

// reader takes cases from a stream that holds one a line, or objects printed over several lines.
type reader struct {
	lines  *bufio.Reader
	values *json.Decoder // set when the stream is not one case a line
	began  bool
}

func newReader(in io.Reader) *reader { return &reader{lines: bufio.NewReaderSize(in, 1<<16)} }

// next gives up to n cases; with the last of them comes io.EOF.
func (r *reader) next(n int) (raws [][]byte, err error) {
	for len(raws) < n {
		raw, err := r.one()
		if len(raw) > 0 {
			raws = append(raws, raw)
		}
		if err != nil {
			return raws, err
		}
	}
	return raws, nil
}

func (r *reader) one() ([]byte, error) {
	if r.values != nil {
		var raw json.RawMessage
		err := r.values.Decode(&raw)
		return raw, err
	}
	line, err := r.lines.ReadBytes('\n')
	line = bytes.TrimSpace(line)
	if !r.began && len(line) > 0 {
		r.began = true
		if !json.Valid(line) {
			return r.spread(line, err)
		}
	}
	return line, err
}

// spread decides about a stream whose first line is not a case by itself: objects over several lines when it reads as such to its end,
// else lines of which the first is bad.
func (r *reader) spread(line []byte, err error) ([]byte, error) {
	if err != nil {
		return line, err
	}
	rest, err := io.ReadAll(r.lines)
	if err != nil {
		return nil, err
	}
	whole := append(append(line, '\n'), rest...)
	d := json.NewDecoder(bytes.NewReader(whole))
	for err == nil {
		var raw json.RawMessage
		err = d.Decode(&raw)
	}
	if errors.Is(err, io.EOF) {
		r.values = json.NewDecoder(bytes.NewReader(whole))
	} else {
		r.lines = bufio.NewReader(bytes.NewReader(whole))
	}
	return r.one()
}
