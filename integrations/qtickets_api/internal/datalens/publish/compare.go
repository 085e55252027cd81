package publish

import (
	"bytes"
	"encoding/json"
	"reflect"

	"dashboard-mvp/integrations/qtickets_api/internal/datalens"
)

// plain is a body as it comes back from JSON, so that both sides of a comparison have the same types.
func plain(v any) any {
	text, err := json.Marshal(v)
	if err != nil { // bodies are maps of plain values
		panic(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var same any
	if err := decoder.Decode(&same); err != nil {
		panic(err)
	}
	return same
}

// holds tells whether what DataLens has says all that we would send. It may say more: DataLens writes its defaults into
// what it keeps, and a person may have chosen a colour. Lists have the same length; what is empty may be left out.
func holds(have, want any) bool {
	switch w := want.(type) {
	case map[string]any:
		h, ok := have.(map[string]any)
		if !ok {
			return len(w) == 0 && have == nil
		}
		for name, value := range w {
			if !holds(h[name], value) {
				return false
			}
		}
		return true
	case []any:
		h, ok := have.([]any)
		if have == nil || !ok {
			return len(w) == 0 && have == nil
		}
		if len(h) != len(w) {
			return false
		}
		for i := range w {
			if !holds(h[i], w[i]) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(have, want) || (have == nil && (want == false || want == "" || want == "none"))
}

// at is a member of a member of an object; nil where there is none.
func at(o any, path ...string) any {
	for _, name := range path {
		m, _ := o.(datalens.Object)
		o = m[name]
	}
	return o
}

// textAt is at for texts.
func textAt(o any, path ...string) string {
	text, _ := at(o, path...).(string)
	return text
}

// listAt is at for lists of objects.
func listAt(o any, path ...string) []datalens.Object {
	list, _ := at(o, path...).([]any)
	var all []datalens.Object
	for _, item := range list {
		if object, ok := item.(datalens.Object); ok {
			all = append(all, object)
		}
	}
	return all
}
