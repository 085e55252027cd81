// Package cli is the command line: one file per subcommand. It is the only package that reads the
// configuration and wires the parts together; everything below returns errors, and this one prints.
package cli
