package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
)

// node is a JSON value that remembers the order of keys and the spelling of numbers. It serves what
// is not on the fast path: requests, select, captured rows and faults that rewrite answers.
type node struct {
	kind     byte   // '{' '[' '"' '0' (number) 't' (bool) 'n' (null)
	text     string // decoded string, or the number or bool as spelt
	keys     []string
	children []*node
}

var errNotOneValue = errors.New("more than one JSON value")

func parseTree(text []byte) (*node, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	n, err := readNode(dec)
	if err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errNotOneValue
	}
	return n, nil
}

func readNode(dec *json.Decoder) (*node, error) {
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch v := token.(type) {
	case json.Delim:
		return readContainer(dec, byte(v))
	case string:
		return textNode(v), nil
	case json.Number:
		return &node{kind: '0', text: v.String()}, nil
	case bool:
		if v {
			return &node{kind: 't', text: "true"}, nil
		}
		return &node{kind: 't', text: "false"}, nil
	}
	return &node{kind: 'n', text: "null"}, nil
}

func readContainer(dec *json.Decoder, open byte) (*node, error) {
	n := &node{kind: open}
	for dec.More() {
		if open == '{' {
			key, err := dec.Token()
			if err != nil {
				return nil, err
			}
			n.keys = append(n.keys, key.(string))
		}
		child, err := readNode(dec)
		if err != nil {
			return nil, err
		}
		n.children = append(n.children, child)
	}
	_, err := dec.Token()
	return n, err
}

func textNode(s string) *node { return &node{kind: '"', text: s} }

func intNode(v int) *node { return &node{kind: '0', text: strconv.Itoa(v)} }

func boolNode(v bool) *node { return &node{kind: 't', text: strconv.FormatBool(v)} }

func textOrNull(s string) *node {
	if s == "" {
		return &node{kind: 'n', text: "null"}
	}
	return textNode(s)
}

// get finds a key of an object; nil if absent or not an object.
func (n *node) get(key string) *node {
	if n == nil || n.kind != '{' {
		return nil
	}
	for i, k := range n.keys {
		if k == key {
			return n.children[i]
		}
	}
	return nil
}

// set replaces a key or adds it at the end.
func (n *node) set(key string, v *node) {
	for i, k := range n.keys {
		if k == key {
			n.children[i] = v
			return
		}
	}
	n.keys = append(n.keys, key)
	n.children = append(n.children, v)
}

// add adds a key known to be new, without looking for it.
func (n *node) add(key string, v *node) {
	n.keys = append(n.keys, key)
	n.children = append(n.children, v)
}

// path follows dotted names through objects.
func (n *node) path(dotted string) *node {
	for name := range strings.SplitSeq(dotted, ".") {
		n = n.get(name)
	}
	return n
}

// string is the text of a scalar, "" otherwise.
func (n *node) string() string {
	if n == nil || n.kind == '{' || n.kind == '[' || n.kind == 'n' {
		return ""
	}
	return n.text
}

// appendTo writes the value in PHP's manner: an empty object is an empty list.
func (n *node) appendTo(b []byte) []byte {
	switch n.kind {
	case '"':
		return appendPHPString(b, n.text)
	case '{', '[':
		if len(n.children) == 0 {
			return append(b, '[', ']')
		}
	default:
		return append(b, n.text...)
	}
	b = append(b, n.kind)
	for i, child := range n.children {
		if i > 0 {
			b = append(b, ',')
		}
		if n.kind == '{' {
			b = append(appendPHPString(b, n.keys[i]), ':')
		}
		b = child.appendTo(b)
	}
	return append(b, n.kind+2) // ']' and '}' follow their brackets by two in ASCII
}

// project keeps the selected names, relations by dots, in the order of the row (section 3.2).
// Unknown names are left out; lists are projected element by element.
func (n *node) project(names []string) *node {
	if n.kind == '[' {
		out := &node{kind: '['}
		for _, child := range n.children {
			out.children = append(out.children, child.project(names))
		}
		return out
	}
	if n.kind != '{' {
		return n
	}
	out := &node{kind: '{'}
	for i, key := range n.keys {
		var deeper []string
		selected := false
		for _, name := range names {
			if name == key {
				selected = true
			} else if rest, ok := strings.CutPrefix(name, key+"."); ok {
				deeper = append(deeper, rest)
			}
		}
		switch {
		case selected:
			out.set(key, n.children[i])
		case deeper != nil:
			out.set(key, n.children[i].project(deeper))
		}
	}
	return out
}

// walk calls visit for every value, containers first.
func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, child := range n.children {
		child.walk(visit)
	}
}
