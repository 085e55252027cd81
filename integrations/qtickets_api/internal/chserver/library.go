package chserver

import (
	"fmt"
	"os"
	"path/filepath"
)

// libraryVersion is the engine this code was tested with, as the package in
// deps/package.json is called. A test compares the two.
const libraryVersion = "26.7.3-stable.1"

const libraryName = "libchdb.so"

// FindLibrary returns the absolute path of libchdb.so. A non-empty explicit
// path (the variable CHDB_LIB), of the file or of its folder, is the only
// path tried. Otherwise the folder of the running program comes first,
// then the per-user cache folder that deps/fetch.sh (`make deps`) fills and
// all clones share. The error names both remedies.
func FindLibrary(explicit string) (string, error) {
	if explicit != "" {
		path, err := libraryAt(explicit)
		if err != nil {
			return "", fmt.Errorf("find ClickHouse library: CHDB_LIB=%s: %w; "+
				"set CHDB_LIB to the path of %s, or unset it and run `make deps`", explicit, err, libraryName)
		}
		return path, nil
	}
	for _, path := range libraryPaths() {
		if path, err := libraryAt(path); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("find ClickHouse library: no %s %s in %q: run `make deps` (or "+
		"integrations/qtickets_api/deps/fetch.sh), "+
		"or set CHDB_LIB to the path of another copy", libraryName, libraryVersion, libraryPaths())
}

func libraryPaths() []string {
	var paths []string
	if exe, err := os.Executable(); err == nil {
		paths = append(paths, filepath.Join(filepath.Dir(exe), libraryName))
	}
	if cache, err := os.UserCacheDir(); err == nil {
		paths = append(paths, filepath.Join(cache, "qtickets_api", "chdb-"+libraryVersion, libraryName))
	}
	return paths
}

// libraryAt accepts the file itself or the folder it lies in.
func libraryAt(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		path = filepath.Join(path, libraryName)
		info, err = os.Stat(path)
	}
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is not a file", path)
	}
	return path, nil
}
