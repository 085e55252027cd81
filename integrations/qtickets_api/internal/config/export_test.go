package config

// For tests of the documentation.
var (
	Variables  = variables
	WriteTable = writeTable
)
