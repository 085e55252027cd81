// Package config turns the environment into one validated value. Every variable is declared once, in
// variables.go; an error names the variable and what to do. Secrets may come from a file (NAME_FILE) and
// are masked wherever the configuration is printed.
package config
