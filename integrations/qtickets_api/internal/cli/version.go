package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// Version is set by the build (-ldflags "-X …/internal/cli.Version=1.2.3").
var Version = "dev"

type versionCommand struct{}

// Run prints the version of the program and of Go.
func (versionCommand) Run(a *app) error {
	_, err := fmt.Fprintf(a.Stdout, "qtickets_api %s (%s, %s/%s)\n", build(), runtime.Version(), runtime.GOOS,
		runtime.GOARCH)
	return err
}

// build is the version, with the commit where Go noted one.
func build() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return Version + " " + s.Value[:12]
		}
	}
	return Version
}
