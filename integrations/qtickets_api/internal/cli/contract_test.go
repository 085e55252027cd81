package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/contract"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestContractCommand: before the first load nothing is seen; after it the filter is, and what reading cannot tell
// stays as it is, with the reason.
func TestContractCommand(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(36), testkit.Database(t))
	seen := func() map[string]string {
		var lines []struct {
			Code, State, Unseen string
			Confirming          uint64
		}
		if err := json.Unmarshal([]byte(s.must(0, "contract", "--json").stdout), &lines); err != nil {
			t.Fatal(err)
		}
		states := map[string]string{}
		for _, l := range lines {
			if (l.State == string(contract.Confirmed)) != (l.Confirming > 0 && l.State != string(contract.NotSeen)) &&
				l.State != string(contract.Refuted) {
				t.Errorf("%+v", l)
			}
			states[l.Code] = l.State
		}
		return states
	}
	for code, state := range seen() {
		if state != string(contract.NotSeen) {
			t.Errorf("%s is %s before the first load", code, state)
		}
	}
	s.must(0, "sync")
	states := seen()
	if len(states) != len(contract.Questions()) || states["where"] != "confirmed" ||
		states["no_personal_data"] != "not_seen" {
		t.Errorf("%v", states)
	}
	for lang, says := range map[string][]string{
		"ru": {"Предположений об API QTickets: 35.", "● 1. Фильтр действует", "подтверждено, с ",
			"чтением не увидеть: защищено"},
		"en": {"Assumptions about the QTickets API: 35.", "● 1. A filter is honoured", "cannot be seen by reading: defended"},
	} {
		out := s.must(0, "--lang", lang, "contract")
		for _, part := range says {
			if !strings.Contains(out.stdout, part) {
				t.Errorf("%s lacks %q:\n%s", lang, part, out.stdout)
			}
		}
	}
}

// TestContractShape: the file names nobody, whatever stands in texts and in keys, and a simulator that is set from it
// answers in the same form.
func TestContractShape(t *testing.T) {
	t.Parallel()
	world := simulator.NewWorld(simulator.WorldOptions{Seed: 37, Orders: 400, Events: 3}) // some with fields of a person
	s := newShell(t, world, testkit.EmptyDatabase(t))
	shape := func() string {
		file := filepath.Join(t.TempDir(), "shape.json")
		out := s.must(0, "contract", "--shape", file)
		text, err := os.ReadFile(file)
		if info, statErr := os.Stat(file); err != nil || statErr != nil || info.Mode().Perm() != 0o600 ||
			!strings.Contains(out.stdout, file) {
			t.Fatalf("%v %v\n%s", err, statErr, out.text())
		}
		return string(text)
	}
	for _, id := range world.Oracle().OrderIDs {
		if world.Refund(id, nil, simulator.FullAmount) == nil {
			break
		}
	}
	of := func(kind simulator.FaultKind) simulator.Fault { return simulator.Fault{Kind: kind} }
	for _, c := range []struct {
		faults []simulator.Fault
		told   bool // by the file
	}{
		{nil, true}, {[]simulator.Fault{of(simulator.IntsAsStrings)}, true},
		{[]simulator.Fault{of(simulator.NullDetails), of(simulator.NameMaps)}, true},
		{[]simulator.Fault{of(simulator.PHPFloats), of(simulator.OddRefunds)}, true},
		{[]simulator.Fault{of(simulator.CustomObject), {Kind: simulator.AccountOffset, Text: "+05:00"}}, true},
		{[]simulator.Fault{of(simulator.PersonalTexts), of(simulator.PersonalKeys), of(simulator.CustomObject),
			of(simulator.UnknownFields), of(simulator.BadBytes)}, false},
	} {
		s.server.ClearFaults()
		s.server.SetFault(c.faults...)
		text := shape()
		for _, canary := range world.Canaries() {
			if strings.Contains(strings.ToLower(text), strings.ToLower(canary)) {
				t.Errorf("%v: the shape holds %q", c.faults, canary)
			}
		}
		if at := strings.IndexFunc(text, func(r rune) bool { return r > '~' || r == '@' }); at >= 0 {
			t.Errorf("%v: the shape holds %q", c.faults, text[max(0, at-20):at+20])
		}
		read, err := simulator.FaultsOfShape([]byte(text))
		if err != nil || len(text) < 3000 {
			t.Errorf("%v: %v\n%s", c.faults, err, text)
		}
		if c.told && fmt.Sprint(read) != fmt.Sprint(c.faults) {
			t.Errorf("the shape of %v is read as %v", c.faults, read)
		}
	}
	if _, err := simulator.FaultsOfShape([]byte(`{"paging":1}`)); err == nil {
		t.Error("any JSON is taken for a shape")
	}
}
