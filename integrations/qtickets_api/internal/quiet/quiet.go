// Package quiet silences the standard logger while other packages initialise, until End.
//
// The metrics library reads the cgroup of the process as it initialises, and where the kernel does not count pressure
// it prints a line, before every command. Packages initialise in the order of their import paths as soon as what
// they import is ready (language specification, "Package initialization"), so this one comes before any library.
package quiet

import (
	"io"
	"log"
	"os"
)

func init() { log.SetOutput(io.Discard) }

// End gives the standard logger its output back.
func End() { log.SetOutput(os.Stderr) }
