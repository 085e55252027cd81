package simulator

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// errThrown stands for an uncaught exception of the server: 503 UNKNOWN_ERROR (section 5).
var errThrown = errors.New("the server threw")

// query is a request in the language of section 3.
type query struct {
	where   []condition
	orderBy []sortKey
	page    int
	perPage int
	selects []string
	flat    bool
}

type condition struct {
	column, operator string
	value            *node // nil when absent
}

type sortKey struct {
	column string
	desc   bool
}

// parameters merges the bracketed URL form with the JSON body; the body wins key by key. A body
// without a JSON content type, or that is not a JSON object, is not seen at all.
func parameters(r *http.Request, body []byte) (url, fromBody *node) {
	url = bracketed(r.URL.RawQuery)
	fromBody = &node{kind: '{'}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" || len(body) == 0 {
		return url, fromBody
	}
	if n, err := parseTree(body); err == nil && n.kind == '{' {
		fromBody = n
	}
	return url, fromBody
}

// bracketed reads "where[0][column]=event_id&page=2" as PHP does; order of appearance is kept.
func bracketed(raw string) *node {
	root := &node{kind: '{'}
	for part := range strings.SplitSeq(raw, "&") {
		name, value, _ := strings.Cut(part, "=")
		name, errName := url.QueryUnescape(name)
		value, errValue := url.QueryUnescape(value)
		if errName != nil || errValue != nil || name == "" {
			continue
		}
		base, rest, _ := strings.Cut(name, "[")
		at, key := root, base
		for rest != "" {
			inner, more, ok := strings.Cut(rest, "]")
			if !ok {
				break
			}
			next := at.get(key)
			if next == nil || next.kind != '{' {
				next = &node{kind: '{'}
				at.set(key, next)
			}
			if inner == "" {
				inner = strconv.Itoa(len(next.children))
			}
			at, key = next, inner
			rest = strings.TrimPrefix(more, "[")
		}
		at.set(key, textNode(value))
	}
	return root
}

// parseQuery understands the known keys and ignores the rest. errThrown is returned for what makes the
// real server throw: a body key of the wrong shape.
func parseQuery(fromURL, fromBody *node, urlOrderThrows bool) (query, error) {
	q := query{page: 1}
	pick := func(key string) (*node, bool) {
		if n := fromBody.get(key); n != nil {
			return n, true
		}
		return fromURL.get(key), false
	}
	q.page = max(1, intParameter(pick, "page"))
	q.perPage = max(0, intParameter(pick, "perPage"))
	if n, _ := pick("flat"); n != nil {
		q.flat = n.text == "true" || n.text == "1"
	}
	if n, _ := pick("select"); n != nil && (n.kind == '[' || n.kind == '{') {
		for _, child := range n.children {
			q.selects = append(q.selects, child.string())
		}
	}
	if n, isBody := pick("where"); n != nil && n.kind != 'n' {
		if err := q.addWhere(n, isBody); err != nil {
			return q, err
		}
	}
	if n, isBody := pick("orderBy"); n != nil && n.kind != 'n' {
		return q, q.addOrder(n, isBody || urlOrderThrows)
	}
	return q, nil
}

// maxNumber keeps page*perPage within an int.
const maxNumber = 1_000_000_000

func intParameter(pick func(string) (*node, bool), key string) int {
	n, _ := pick(key)
	v, _ := strconv.Atoi(n.string())
	return min(v, maxNumber)
}

// addWhere reads a list of conditions. A JSON string in the URL is ignored (section 3.1).
func (q *query) addWhere(n *node, isBody bool) error {
	if n.kind != '[' && n.kind != '{' {
		if isBody {
			return errThrown
		}
		return nil
	}
	for _, child := range n.children {
		column := child.get("column").string()
		if column == "" {
			return errThrown
		}
		operator := child.get("operator").string()
		if operator == "" {
			operator = "="
		}
		q.where = append(q.where, condition{column, operator, child.get("value")})
	}
	return nil
}

func (q *query) addOrder(n *node, throws bool) error {
	if n.kind != '{' {
		if throws && len(n.children) == 0 && n.kind != '[' || len(n.children) > 0 {
			return errThrown
		}
		return nil
	}
	for i, column := range n.keys {
		direction := strings.ToLower(n.children[i].string())
		if direction != "asc" && direction != "desc" {
			return errThrown
		}
		q.orderBy = append(q.orderBy, sortKey{column, direction == "desc"})
	}
	return nil
}
