package casefile

import (
	"io"

	"github.com/baqylau/baqylau/aberration"
	"github.com/baqylau/baqylau/jsoncases"
)

// Process runs every case of in and writes one line each to out, in the order of the input: see jsoncases.Process.
func Process(out io.Writer, in io.Reader, name string, mode aberration.Mode, workers int) (bad int, err error) {
	return jsoncases.Process(out, in, name, workers, func(b, text []byte, where string) ([]byte, bool) {
		c, err := Decode(text)
		c.Mode = mode
		var o Output
		if err == nil {
			o, err = c.Run()
		}
		jsoncases.Locate(err, where)
		return jsoncases.AppendLine(b, c.ID, o.append, err, c.Warnings), err == nil
	})
}
