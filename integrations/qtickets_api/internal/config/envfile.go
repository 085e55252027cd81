package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"
)

// EnvFile is an env file that is to be changed. Every line stays as it is but for those of the variables that are set.
type EnvFile struct {
	Path    string
	Exists  bool
	lines   []string // without their ends
	changed []string // names, in the order in which they were set
}

// envFileHead begins a new file.
const envFileHead = "# Settings of qtickets_api: NAME=VALUE, without quotes. All variables: docs/variables.md"

// OpenEnvFile reads a file, or begins one that is not there yet: nothing is written before Write. The error is
// ErrInvalid for a file that no command could read either.
func OpenEnvFile(path string) (*EnvFile, error) {
	f := &EnvFile{Path: path, lines: []string{envFileHead}}
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return f, nil
	case err != nil:
		return nil, fmt.Errorf("%w: --envfile: %w: name a file that this user may read and write", ErrInvalid, err)
	}
	if _, err := parseEnvFile(string(text)); err != nil {
		return nil, fmt.Errorf("%w: --envfile %s: %w", ErrInvalid, path, err)
	}
	f.Exists, f.lines = true, nil
	for line := range strings.Lines(string(text)) {
		f.lines = append(f.lines, strings.TrimRight(line, "\r\n"))
	}
	return f, nil
}

// Value is what the file says of a variable; it says nothing of one that it does not name. The last line counts, as for
// Docker.
func (f *EnvFile) Value(name string) (value string, named bool) {
	for _, line := range f.lines {
		if n, v, _ := strings.Cut(strings.TrimLeft(line, " \t\ufeff"), "="); n == name {
			value, named = v, true
		}
	}
	return value, named
}

// Set gives a variable a value, in its place or at the end. A secret stands in the file or in a file of its own, so
// NAME takes NAME_FILE away and the other way round.
func (f *EnvFile) Set(name, value string) {
	other := name + "_FILE"
	if own, isFile := strings.CutSuffix(name, "_FILE"); isFile {
		other = own
	}
	_, takesAway := f.Value(other)
	if now, named := f.Value(name); named && now == value && !takesAway {
		return
	}
	var lines []string
	placed := false
	for _, line := range f.lines {
		switch n, _, _ := strings.Cut(strings.TrimLeft(line, " \t\ufeff"), "="); n {
		case name, other:
			if !placed {
				lines, placed = append(lines, name+"="+value), true
			}
		default:
			lines = append(lines, line)
		}
	}
	if !placed {
		lines = append(lines, name+"="+value)
	}
	f.lines = lines
	if !slices.Contains(f.changed, name) {
		f.changed = append(f.changed, name)
	}
}

// Changed are the variables that Write will change.
func (f *EnvFile) Changed() []string { return f.changed }

// Write replaces the file as a whole, for its owner alone to read: whenever it is interrupted, there is the old file or
// the new one. The owner stays who it was, or is that of the folder.
func (f *EnvFile) Write() error {
	const help = "name another file with --envfile, or run this as a user who may write there; a container is given the " +
		"folder of the file, not the file alone"
	path, err := filepath.EvalSymlinks(f.Path)
	if err != nil {
		path = f.Path
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("%w: write the settings: %w: %s", ErrInvalid, err, help)
	}
	file, err := renameio.NewPendingFile(path, renameio.WithStaticPermissions(0o600), renameio.WithTempDir(dir))
	if err != nil {
		return fmt.Errorf("%w: write the settings: %w: %s", ErrInvalid, err, help)
	}
	defer func() { _ = file.Cleanup() }()
	_, err = file.WriteString(strings.Join(f.lines, "\n") + "\n")
	if err == nil {
		err = keepOwner(file.File, path)
	}
	if err == nil {
		err = file.CloseAtomicallyReplace()
	}
	if err != nil {
		return fmt.Errorf("%w: write the settings: %w: %s", ErrInvalid, err, help)
	}
	f.Exists, f.changed = true, nil
	return nil
}

// keepOwner gives a file to the owner of the one it replaces, or of its folder. Only root can give files away, and only
// root needs to.
func keepOwner(file *os.File, path string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	for _, like := range []string{path, filepath.Dir(path)} {
		if info, err := os.Stat(like); err == nil {
			return giveTo(file, info)
		}
	}
	return nil
}
