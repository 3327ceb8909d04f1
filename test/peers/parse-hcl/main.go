// Reads HCL files with HashiCorp's own parser and prints what stands in them, one JSON line for each file named in the
// standard input: blocks, labels, lines, attributes, and the values of literals. It shares no code with Tickmark.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/big"
	"os"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

type attribute struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
	First int    `json:"firstLine"`
	Last  int    `json:"lastLine"`
}

type block struct {
	Type   string   `json:"type"`
	Labels []string `json:"labels"`
	Body   body     `json:"body"`
	First  int      `json:"firstLine"`
	Last   int      `json:"lastLine"`
}

type body struct {
	Attributes []attribute `json:"attributes"`
	Blocks     []block     `json:"blocks"`
}

type open struct{}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for lines.Scan() {
		source, err := os.ReadFile(lines.Text())
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		file, diagnostics := hclsyntax.ParseConfig(source, lines.Text(), hcl.InitialPos)
		if diagnostics.HasErrors() {
			out.Encode(map[string]string{"error": diagnostics.Error()})
			continue
		}
		out.Encode(bodyOf(file.Body.(*hclsyntax.Body), source))
	}
}

func bodyOf(its *hclsyntax.Body, source []byte) body {
	found := body{Attributes: []attribute{}, Blocks: []block{}}
	for name, it := range its.Attributes {
		found.Attributes = append(found.Attributes, attribute{name, valueOf(it.Expr, source), it.SrcRange.Start.Line, lastLine(it)})
	}
	for _, it := range its.Blocks {
		labels := append([]string{}, it.Labels...)
		found.Blocks = append(found.Blocks, block{it.Type, labels, bodyOf(it.Body, source), it.TypeRange.Start.Line, it.CloseBraceRange.End.Line})
	}
	return found
}

func lastLine(it *hclsyntax.Attribute) int { return it.SrcRange.End.Line }

// A literal as JSON; anything else as its source text.
func valueOf(it hclsyntax.Expression, source []byte) any {
	value := literal(it, source)
	if _, isOpen := value.(open); isOpen {
		return map[string]string{"$expression": string(it.Range().SliceBytes(source))}
	}
	return value
}

func literal(it hclsyntax.Expression, source []byte) any {
	switch expr := it.(type) {
	case *hclsyntax.LiteralValueExpr:
		return scalar(expr.Val, string(expr.Range().SliceBytes(source)))
	case *hclsyntax.ParenthesesExpr:
		return literal(expr.Expression, source)
	case *hclsyntax.TemplateExpr:
		for _, part := range expr.Parts {
			if _, is := part.(*hclsyntax.LiteralValueExpr); !is {
				return open{}
			}
		}
		value, diagnostics := expr.Value(nil)
		if diagnostics.HasErrors() {
			return open{}
		}
		return value.AsString()
	case *hclsyntax.UnaryOpExpr:
		if number, is := expr.Val.(*hclsyntax.LiteralValueExpr); is && expr.Op == hclsyntax.OpNegate && number.Val.Type() == cty.Number {
			return scalar(number.Val.Negate(), "-"+string(number.Range().SliceBytes(source)))
		}
		return open{}
	case *hclsyntax.TupleConsExpr:
		list := []any{}
		for _, entry := range expr.Exprs {
			list = append(list, valueOf(entry, source))
		}
		return list
	case *hclsyntax.ObjectConsExpr:
		object := map[string]any{}
		for _, entry := range expr.Items {
			key, diagnostics := entry.KeyExpr.Value(nil)
			if wrapped, is := entry.KeyExpr.(*hclsyntax.ObjectConsKeyExpr); !is || wrapped.ForceNonLiteral || diagnostics.HasErrors() {
				return open{}
			}
			object[text(key)] = valueOf(entry.ValueExpr, source)
		}
		return object
	}
	return open{}
}

func text(key cty.Value) string {
	if key.Type() == cty.Number {
		return key.AsBigFloat().Text('f', -1)
	}
	return key.AsString()
}

// Integers that every reader of JSON can hold, and the digits of any other number.
func scalar(value cty.Value, written string) any {
	if value.IsNull() {
		return nil
	}
	switch value.Type() {
	case cty.Bool:
		return value.True()
	case cty.Number:
		number := value.AsBigFloat()
		limit := new(big.Float).SetInt64(1<<53 - 1)
		if number.IsInt() && new(big.Float).Abs(number).Cmp(limit) <= 0 {
			integer, _ := number.Int64()
			return integer
		}
		return written
	}
	return value.AsString()
}
