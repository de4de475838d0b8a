package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"baqylau": main})
}

// The commands as an operator or analyst uses them; each script is a story.
func TestCommands(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", Setup: func(env *testscript.Env) error {
		root, err := os.Getwd()
		if err != nil {
			return err
		}
		env.Setenv("ROOT", root+"/../..")
		return nil
	}})
}
