package simulator

import (
	"encoding/json"
	"fmt"
	"strings"
)

// shape is the form of the values of one place, as "contract --shape" writes it.
type shape struct {
	Kinds    map[string]int    `json:"kinds"`
	Members  map[string]*shape `json:"members"`
	Elements *shape            `json:"elements"`
	Unnamed  int               `json:"unnamed"`
}

// FaultsOfShape are the switches that make responses look like those a file of "contract --shape" describes.
func FaultsOfShape(text []byte) ([]Fault, error) {
	var lists map[string]*shape
	if err := json.Unmarshal(text, &lists); err != nil {
		return nil, fmt.Errorf("not a file of contract --shape: %w", err)
	}
	order, event := lists["orders"].at("data").row(), lists["events"].at("data").row()
	if order == nil {
		return nil, fmt.Errorf("not a file of contract --shape: it has no orders")
	}
	ticket := order.at("baskets").row()
	var faults []Fault
	add := func(when bool, f Fault) {
		if when {
			faults = append(faults, f)
		}
	}
	add(order.at("id").has("digits") && !order.at("id").has("integer"), Fault{Kind: IntsAsStrings})
	add(order.Unnamed > 0 || ticket != nil && ticket.Unnamed > 0, Fault{Kind: UnknownFields})
	details := order.at("client").at("details")
	add(details.has("null") && !details.has("object"), Fault{Kind: NullDetails})
	add(order.at("custom").only("object"), Fault{Kind: CustomObject}) // of some orders it always is
	add(event.at("name").has("object"), Fault{Kind: NameMaps})
	add(ticket.at("price").has("fraction") || ticket.at("original_price").has("fraction"), Fault{Kind: PHPFloats})
	refund := order.at("refunds").row()
	amount := refund.at("amount")
	add(refund != nil && (amount == nil || amount.only("null")), Fault{Kind: OddRefunds})
	offset := order.at("created_at").offset()
	add(offset != "" && offset != "+03:00", Fault{Kind: AccountOffset, Text: offset})
	return faults, nil
}

func (s *shape) at(name string) *shape {
	if s == nil {
		return nil
	}
	return s.Members[name]
}

func (s *shape) row() *shape {
	if s == nil {
		return nil
	}
	return s.Elements
}

func (s *shape) has(kind string) bool { return s != nil && s.Kinds[kind] > 0 }

func (s *shape) only(kind string) bool { return s.has(kind) && len(s.Kinds) == 1 }

// offset is that of most times, "" when there are none.
func (s *shape) offset() (offset string) {
	if s == nil {
		return ""
	}
	most := 0
	for kind, n := range s.Kinds {
		if o, ok := strings.CutPrefix(kind, "time"); ok && o != "" && n > most {
			offset, most = o, n
		}
	}
	return offset
}
