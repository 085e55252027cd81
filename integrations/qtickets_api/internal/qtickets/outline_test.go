package qtickets

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func outlineOf(t *testing.T, text string) *Outline {
	t.Helper()
	var o Outline
	r := reader{dec: newDecoder(strings.NewReader(text))}
	o.read(&r)
	if err := r.end(); err != nil {
		t.Fatal(err)
	}
	return &o
}

// TestOutline: kinds, lengths and counts, and no value.
func TestOutline(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal(outlineOf(t, `{"data":[
		{"id":5000001,"price":900.5,"payed":true,"created_at":"2030-05-01T12:00:00+03:00","custom":"","utm":[]},
		{"id":"5000002","price":333.3333333,"payed":null,"created_at":"2030-05-01 12:00:00","custom":"Анна",
			"utm":{"utm_source":"vk"}}
	],"paging":{"perPage":50,"currentPage":1,"total":2}}`).Pruned())
	const want = `{"kinds":{"object":1},"members":{"data":{"kinds":{"list":1},"longest":2,"elements":{"kinds":{"object":2},"members":{` +
		`"created_at":{"kinds":{"time":1,"time+03:00":1}},"custom":{"kinds":{"empty":1,"text":1},"longest":8},` +
		`"id":{"kinds":{"digits":1,"integer":1},"longest":7},"payed":{"kinds":{"null":1,"true":1}},` +
		`"price":{"kinds":{"decimal":1,"fraction":1}},` +
		`"utm":{"kinds":{"list":1,"object":1},"members":{"utm_source":{"kinds":{"text":1},"longest":2}}}}}},` +
		`"paging":{"kinds":{"object":1},"members":{"currentPage":{"kinds":{"integer":1}},"perPage":{"kinds":{"integer":1}},` +
		`"total":{"kinds":{"integer":1}}}}}}`
	if err != nil || string(got) != want {
		t.Errorf("%v\n got %s\nwant %s", err, got, want)
	}
}

// TestOutlineNamesNobody: a name that is not the API's for certain is counted and not kept.
func TestOutlineNamesNobody(t *testing.T) {
	t.Parallel()
	var rows []string
	for range 20 {
		rows = append(rows, `{"id":1,"new_flag":true,"anna@example.test":1,"Анна":1,"79991234567":1,"anna79991234567":1,"annaVolkova":1,
			"custom":{"anna_volkova":"x"},"utm":{"anna":"x"},"baskets":{"anna@example.test":{"id":1}}}`)
	}
	rows = append(rows, `{"id":1,"anna_petrova":{"id":7}}`)
	o := outlineOf(t, `{"data":[`+strings.Join(rows, ",")+`],"paging":{}}`).Pruned()
	text, err := json.Marshal(o)
	if err != nil || bytes.Contains(bytes.ToLower(text), []byte("anna")) || bytes.ContainsAny(text, "@А") ||
		bytes.Contains(text, []byte("7999")) {
		t.Errorf("%v: %s", err, text)
	}
	row := o.Members["data"].Elements
	if row.Members["new_flag"] == nil || row.Unnamed != 6 || row.Members["custom"].Unnamed != 1 ||
		row.Members["baskets"].Others.Members["id"] == nil {
		t.Errorf("%s", text)
	}
}
