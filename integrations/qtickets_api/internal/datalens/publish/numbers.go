package publish

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/datalens"
)

// Number is what both sides say of a dataset.
type Number struct {
	Dataset              datalens.Text
	DataLens, ClickHouse float64
}

// Equal tells whether they say the same.
func (n Number) Equal() bool { return n.DataLens == n.ClickHouse }

const (
	mostLooks = 3
	// betweenLooks is longer than DataLens keeps an answer (cache_ttl_sec) in two pauses.
	betweenLooks = 40 * time.Second
)

// Numbers asks DataLens one number of each dataset, and ask the same of ClickHouse, by view. A publication in between,
// or an answer that DataLens kept, is why they may differ; so they are asked again before that is said.
func Numbers(ctx context.Context, c *Client, made datalens.Made,
	ask func(context.Context) (map[string]float64, error)) ([]Number, error) {
	for look := 1; ; look++ {
		numbers, err := numbersOnce(ctx, c, made, ask)
		if err != nil || look == mostLooks || allEqual(numbers) {
			return numbers, err
		}
		if err := c.options.Sleep(ctx, betweenLooks); err != nil {
			return nil, err
		}
	}
}

func allEqual(numbers []Number) bool {
	for _, n := range numbers {
		if !n.Equal() {
			return false
		}
	}
	return true
}

func numbersOnce(ctx context.Context, c *Client, made datalens.Made,
	ask func(context.Context) (map[string]float64, error)) ([]Number, error) {
	var numbers []Number
	for _, d := range datalens.Datasets {
		shown, err := c.number(ctx, datalens.NumberOf(d, made.Datasets[d.View]))
		if err != nil {
			return nil, fmt.Errorf("dataset %q: %w", d.Name.RU, err)
		}
		numbers = append(numbers, Number{Dataset: d.Name, DataLens: shown})
	}
	stored, err := ask(ctx)
	if err != nil {
		return nil, err
	}
	for i, d := range datalens.Datasets {
		value, known := stored[d.View]
		if !known {
			return nil, fmt.Errorf("ClickHouse says nothing of %s", d.View)
		}
		numbers[i].ClickHouse = value
	}
	return numbers, nil
}

// number is the one value of an answer. Nothing is 0: the sum of no rows.
func (c *Client) number(ctx context.Context, body datalens.Object) (float64, error) {
	var answer struct {
		Rows [][]any `json:"rows"`
	}
	if err := c.call(ctx, "getDatasetData", body, &answer); err != nil {
		return 0, err
	}
	if len(answer.Rows) != 1 || len(answer.Rows[0]) != 1 {
		return 0, fmt.Errorf("getDatasetData: %d rows instead of one number", len(answer.Rows))
	}
	switch value := answer.Rows[0][0].(type) {
	case nil:
		return 0, nil
	case json.Number:
		return value.Float64()
	case string:
		return strconv.ParseFloat(value, 64)
	default:
		return 0, fmt.Errorf("getDatasetData: %v is no number", value)
	}
}
