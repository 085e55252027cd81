package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// shapePages are the lists whose form is looked at, a page of each.
var shapePages = []struct {
	path  string
	query qtickets.Query
}{
	{"orders", qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Asc("id")}, PerPage: 100}},
	{"orders", qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Desc("id")}, PerPage: 100}},
	{"events", qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Desc("id")}, PerPage: 10}},
	{"discounts", qtickets.Query{}}, {"promo-codes", qtickets.Query{}}, {"color-themes", qtickets.Query{}},
}

// writeShape asks for a page of each list, an order and the seats of a show, and writes their form.
func (a *app) writeShape(settings config.Config, file string) error {
	api, err := newClient(settings, a.logger(settings))
	if err != nil {
		return err
	}
	shapes, err := shapesOf(a.ctx, api)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(shapes, "", " ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o600); err != nil {
		return err
	}
	fmt.Fprintf(a.Stdout, contractTexts[a.lang].written, file)
	return nil
}

// shapesOf are the outlines of the responses by the address they came from.
func shapesOf(ctx context.Context, api *qtickets.Client) (map[string]*qtickets.Outline, error) {
	shapes := map[string]*qtickets.Outline{}
	ask := func(name, path string, q qtickets.Query) error {
		if shapes[name] == nil {
			shapes[name] = &qtickets.Outline{}
		}
		return api.Outline(ctx, path, q, shapes[name])
	}
	for _, p := range shapePages {
		if err := ask(p.path, p.path, p.query); err != nil {
			return nil, err
		}
	}
	newest := qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Desc("id")}, PerPage: 1}
	orders, err := api.Orders(ctx, newest)
	if err != nil {
		return nil, err
	}
	for _, o := range orders.Rows {
		if err := ask("orders/ID", fmt.Sprint("orders/", o.ID), qtickets.Query{}); err != nil {
			return nil, err
		}
		for _, b := range o.Baskets[:min(1, len(o.Baskets))] {
			if err := ask("shows/ID/seats", fmt.Sprintf("shows/%d/seats", b.ShowID.Value), qtickets.Query{}); err != nil {
				return nil, err
			}
		}
	}
	for name, o := range shapes {
		shapes[name] = o.Pruned()
	}
	return shapes, nil
}

// shapeFaults are those that make a simulator answer in the form of a file.
func shapeFaults(file string) ([]simulator.Fault, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	faults, err := simulator.FaultsOfShape(text)
	if err != nil {
		return nil, fmt.Errorf("%w: --shape %s: %w", config.ErrInvalid, file, err)
	}
	return faults, nil
}
