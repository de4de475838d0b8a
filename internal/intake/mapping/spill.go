package mapping

import (
	"io"
	"os"
)

const spillSize = 8 << 20 // bytes that are held in memory

// spill holds bytes that are written once and then read at random: a few in memory, many in a temporary file. The file loses its
// name as soon as it is open, so that nothing is left of it when the process dies.
type spill struct {
	mem  []byte   // what is not in the file; all of it while there is no file
	file *os.File // nil while everything fits into memory
	size int64
}

// Write appends.
func (s *spill) Write(b []byte) (int, error) {
	s.mem = append(s.mem, b...)
	s.size += int64(len(b))
	if len(s.mem) < spillSize {
		return len(b), nil
	}
	return len(b), s.flush()
}

func (s *spill) flush() (err error) {
	if s.file == nil {
		if s.file, err = os.CreateTemp("", "baqylau-table-"); err != nil {
			return err
		}
		_ = os.Remove(s.file.Name()) // where an open file keeps its name, Close removes it
	}
	_, err = s.file.Write(s.mem)
	s.mem = s.mem[:0]
	return err
}

// done ends the writing.
func (s *spill) done() error {
	if s.file == nil {
		return nil
	}
	err := s.flush()
	s.mem = nil
	return err
}

// ReadAt reads what done has ended.
func (s *spill) ReadAt(b []byte, at int64) (int, error) {
	if s.file != nil {
		return s.file.ReadAt(b, at)
	}
	if at < 0 || at >= int64(len(s.mem)) {
		return 0, io.EOF
	}
	n := copy(b, s.mem[at:])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// Close gives the file's space back.
func (s *spill) Close() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	_ = os.Remove(s.file.Name()) //nolint:gosec // a temporary file of our own, usually gone already
	s.file = nil
	return err
}
