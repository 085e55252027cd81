package warehouse

import "regexp"

var (
	viewDeclared   = regexp.MustCompile(`(?ms)^CREATE OR REPLACE VIEW zakaz\.(\w+)\n\(\n(.*?)^\)$`)
	columnDeclared = regexp.MustCompile(`(?m)^    (\w+) .* COMMENT '(.*)',?$`)
)

// Comments are those of the columns of every view that people read, by view and column, as the schema declares them.
func Comments() map[string]map[string]string {
	found := map[string]map[string]string{}
	for _, view := range viewDeclared.FindAllStringSubmatch(SQL("schema"), -1) {
		found[view[1]] = map[string]string{}
		for _, c := range columnDeclared.FindAllStringSubmatch(view[2], -1) {
			found[view[1]][c[1]] = c[2]
		}
	}
	return found
}
