//go:build !linux

package config

import "os"

func giveTo(*os.File, os.FileInfo) error { return nil }
