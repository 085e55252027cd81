package standin

import (
	"fmt"
	"regexp"
	"strings"
)

// node is a compiled expression.
type node struct {
	sql, kind string
	aggregate bool // over a group
	rows      bool // names a column outside an aggregate
	running   bool // a running total over the groups
}

// compileField compiles a field: a column with its aggregation, or a formula.
func compileField(content, f object) node {
	if maybe(f, "calc_mode") == "formula" {
		p := &parser{content: content, tokens: tokens(text(f, "formula")), of: text(f, "title")}
		n := p.or()
		if p.next() != "" {
			p.fail("unexpected %q", p.tokens[p.at])
		}
		return n
	}
	column := node{sql: "t1." + text(f, "source"), kind: text(f, "initial_data_type"), rows: true}
	aggregation := text(f, "aggregation")
	switch aggregation {
	case "none":
		return column
	case "sum", "min", "max", "avg":
		if column.kind == "string" || (aggregation == "sum" && column.kind == "date") {
			panic(bad("%s: %s of a %s", text(f, "title"), aggregation, column.kind))
		}
		return node{sql: aggregation + "(" + column.sql + ")", kind: column.kind, aggregate: true}
	}
	panic(bad("%s: no aggregation %q", text(f, "title"), aggregation))
}

var token = regexp.MustCompile(`\s*(\[[^\]]+\]|"[^"]*"|\d+(?:\.\d+)?|[A-Za-z_]+|<=|>=|!=|<>|[-+*/=<>(),])`)

func tokens(formula string) []string {
	var all []string
	for rest := formula; strings.TrimSpace(rest) != ""; {
		m := token.FindStringSubmatchIndex(rest)
		if m == nil || m[0] != 0 {
			panic(bad("formula: cannot read %q", rest))
		}
		all = append(all, rest[m[2]:m[3]])
		rest = rest[m[1]:]
	}
	return all
}

// parser of the language of formulas, as far as it is used.
type parser struct {
	content object
	tokens  []string
	at      int
	of      string // title of the field
}

func (p *parser) fail(format string, a ...any) {
	panic(refusal{400, "ERR.DS_API.FORMULA", p.of + ": " + fmt.Sprintf(format, a...)})
}

func (p *parser) next() string {
	if p.at == len(p.tokens) {
		return ""
	}
	return p.tokens[p.at]
}

func (p *parser) take(words ...string) string {
	for _, w := range words {
		if strings.EqualFold(p.next(), w) {
			p.at++
			return w
		}
	}
	return ""
}

func (p *parser) must(word string) {
	if p.take(word) == "" {
		p.fail("expected %q before %q", word, p.next())
	}
}

// both joins two expressions: of rows, or of groups.
func (p *parser) both(sql, kind string, parts ...node) node {
	n := node{sql: sql, kind: kind}
	for _, of := range parts {
		n.aggregate, n.rows = n.aggregate || of.aggregate, n.rows || of.rows
	}
	if n.aggregate && n.rows {
		p.fail("Inconsistent aggregation among operands")
	}
	return n
}

func (p *parser) or() node {
	n := p.and()
	for p.take("OR") != "" {
		right := p.and()
		n = p.both("("+n.sql+" OR "+right.sql+")", "boolean", n, right)
	}
	return n
}

func (p *parser) and() node {
	n := p.not()
	for p.take("AND") != "" {
		right := p.not()
		n = p.both("("+n.sql+" AND "+right.sql+")", "boolean", n, right)
	}
	return n
}

func (p *parser) not() node {
	if p.take("NOT") != "" {
		n := p.not()
		return p.both("NOT "+n.sql, "boolean", n)
	}
	n := p.sum()
	if op := p.take("<=", ">=", "!=", "<>", "=", "<", ">"); op != "" {
		right := p.sum()
		n = p.both("("+n.sql+" "+op+" "+right.sql+")", "boolean", n, right)
	}
	return n
}

func (p *parser) sum() node {
	n := p.product()
	for op := p.take("+", "-"); op != ""; op = p.take("+", "-") {
		right := p.product()
		n = p.both(n.sql+" "+op+" "+right.sql, n.kind, n, right)
	}
	return n
}

func (p *parser) product() node {
	n := p.value()
	for op := p.take("*", "/"); op != ""; op = p.take("*", "/") {
		right := p.value()
		kind := n.kind
		if op == "/" {
			kind = "float"
		}
		n = p.both(n.sql+" "+op+" "+right.sql, kind, n, right)
	}
	return n
}

func (p *parser) value() node {
	word := p.next()
	p.at++
	switch {
	case word == "":
		p.fail("unexpected end")
	case word == "(":
		n := p.or()
		p.must(")")
		n.sql = "(" + n.sql + ")"
		return n
	case word == "-":
		n := p.value()
		n.sql = "-(" + n.sql + ")"
		return n
	case word[0] == '[':
		f := field(p.content, "title", word[1:len(word)-1])
		if f == nil {
			p.fail("Unknown field %s", word)
		}
		return compileField(p.content, f)
	case word[0] == '"':
		return node{sql: quoted(word[1 : len(word)-1]), kind: "string"}
	case word[0] >= '0' && word[0] <= '9':
		return node{sql: word, kind: "integer"}
	case strings.EqualFold(word, "NULL"):
		return node{sql: "NULL", kind: ""}
	}
	return p.call(strings.ToUpper(word))
}

// functions are those of one shape: their SQL with %s for the arguments, and the type.
var functions = map[string]struct {
	sql, kind string
	arguments int
}{
	"TODAY": {"toDate(now())", "date", 0}, "NOW": {"now()", "genericdatetime", 0},
	"ISNULL": {"isNull(%s)", "boolean", 1}, "FLOAT": {"toFloat64(%s)", "float", 1}, "STR": {"toString(%s)", "string", 1},
	"ROUND": {"round(%s, %s)", "float", 2}, "FLOOR": {"floor(%s)", "float", 1}, "IFNULL": {"ifNull(%s, %s)", "", 2},
}

// aggregates are those over the rows of a group.
var aggregates = map[string]struct {
	sql, kind string
	arguments int
}{
	"SUM": {"sum(%s)", "", 1}, "MAX": {"max(%s)", "", 1}, "MIN": {"min(%s)", "", 1}, "COUNT": {"count(%s)", "integer", 1},
	"SUM_IF": {"sumIf(%s, %s)", "", 2},
}

func (p *parser) call(name string) node {
	p.must("(")
	var arguments []node
	for p.take(")") == "" {
		arguments = append(arguments, p.or())
		if p.next() != ")" {
			p.must(",")
		}
	}
	var sqls []any
	var texts []string
	for _, a := range arguments {
		sqls, texts = append(sqls, a.sql), append(texts, a.sql)
	}
	if f, is := aggregates[name]; is && len(arguments) == f.arguments {
		n := p.both(fmt.Sprintf(f.sql, sqls...), f.kind, arguments...)
		if n.aggregate {
			p.fail("Double aggregation is forbidden: %s", name)
		}
		if n.kind == "" {
			n.kind = arguments[0].kind
		}
		n.aggregate, n.rows = true, false
		return n
	}
	if f, is := functions[name]; is && len(arguments) == f.arguments {
		n := p.both(fmt.Sprintf(f.sql, sqls...), f.kind, arguments...)
		if n.kind == "" {
			n.kind = arguments[0].kind
		}
		return n
	}
	switch {
	case name == "COUNT" && len(arguments) == 0:
		return node{sql: "count(1)", kind: "integer", aggregate: true}
	case name == "CONCAT" && len(arguments) > 1:
		return p.both("concat("+strings.Join(eachText(arguments), ", ")+")", "string", arguments...)
	case name == "IF" && len(arguments)%2 == 1 && len(arguments) > 1:
		return p.both(branches(texts), arguments[1].kind, arguments...)
	case name == "RSUM" && len(arguments) == 1 && arguments[0].aggregate:
		n := arguments[0]
		n.running = true
		return n
	case name == "DATEADD" && len(arguments) == 3 && texts[1] == "'day'":
		return p.both(texts[0]+" + toIntervalDay("+texts[2]+")", arguments[0].kind, arguments...)
	}
	p.fail("Unknown function %s with %d arguments", name, len(arguments))
	return node{}
}

func eachText(arguments []node) []string {
	all := make([]string, len(arguments))
	for i, a := range arguments {
		all[i] = a.sql
		if a.kind != "string" {
			all[i] = "toString(" + a.sql + ")"
		}
	}
	return all
}

// branches of an IF, in the recorded shapes.
func branches(texts []string) string {
	if len(texts) == 3 {
		return "if(" + strings.Join(texts, ", ") + ")"
	}
	var b strings.Builder
	b.WriteString("CASE")
	for i := 0; i+1 < len(texts); i += 2 {
		fmt.Fprintf(&b, " WHEN (%s) THEN %s", texts[i], texts[i+1])
	}
	return b.String() + " ELSE " + texts[len(texts)-1] + " END"
}
