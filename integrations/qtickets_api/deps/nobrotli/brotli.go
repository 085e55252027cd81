// Package brotli stands in for the library of that name, which clickhouse-go links for a compression of its HTTP
// transport that nobody asks for here (LZ4 is used). It is a twentieth of the binary, and the image is to stay small.
package brotli

import (
	"errors"
	"io"
)

var errAbsent = errors.New("brotli is not built in: use lz4")

// Reader reads nothing.
type Reader struct{}

// NewReader returns a Reader.
func NewReader(io.Reader) *Reader { return &Reader{} }

// Read fails.
func (*Reader) Read([]byte) (int, error) { return 0, errAbsent }

// Reset fails.
func (*Reader) Reset(io.Reader) error { return errAbsent }

// Writer writes nothing.
type Writer struct{}

// NewWriterLevel returns a Writer.
func NewWriterLevel(io.Writer, int) *Writer { return &Writer{} }

// Write fails.
func (*Writer) Write([]byte) (int, error) { return 0, errAbsent }

// Flush fails.
func (*Writer) Flush() error { return errAbsent }

// Close fails.
func (*Writer) Close() error { return errAbsent }

// Reset does nothing.
func (*Writer) Reset(io.Writer) {}
