package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// mostParameters a function may have besides its context; more belong into an options struct. (The linter counts
// the context too, so it cannot hold this rule.)
const mostParameters = 5

func TestFunctionsTakeFewParameters(t *testing.T) {
	files := 0
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		files++
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if f, ok := n.(*ast.FuncType); ok && parameters(f) > mostParameters {
				t.Errorf("%s: %d parameters besides the context, at most %d: use an options struct",
					set.Position(f.Pos()), parameters(f), mostParameters)
			}
			return true
		})
		return nil
	})
	if err != nil || files == 0 {
		t.Fatal("walk the sources: ", files, err)
	}
}

// parameters counts those besides a context.Context.
func parameters(f *ast.FuncType) (n int) {
	for _, field := range f.Params.List {
		if s, ok := field.Type.(*ast.SelectorExpr); ok && s.Sel.Name == "Context" {
			continue
		}
		n += max(1, len(field.Names))
	}
	return n
}
