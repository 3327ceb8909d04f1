// Renders the templates of a chart as Helm does: Go's own text/template, and those of Helm's functions that the chart uses.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"text/template"
)

func main() {
	var context map[string]any
	if err := json.NewDecoder(os.Stdin).Decode(&context); err != nil {
		panic(err)
	}
	functions := template.FuncMap{
		"toJson": func(value any) (string, error) {
			text, err := json.Marshal(value)
			return string(text), err
		},
		"dict": func(pairs ...any) map[string]any {
			made := map[string]any{}
			for place := 0; place+1 < len(pairs); place += 2 {
				made[pairs[place].(string)] = pairs[place+1]
			}
			return made
		},
	}
	files, _ := filepath.Glob(filepath.Join(os.Args[1], "templates", "*"))
	all := template.Must(template.New("chart").Funcs(functions).Option("missingkey=error").ParseFiles(files...))
	for _, file := range files {
		if filepath.Ext(file) != ".yaml" {
			continue
		}
		if err := all.ExecuteTemplate(os.Stdout, filepath.Base(file), context); err != nil {
			panic(err)
		}
		fmt.Println("\n---")
	}
}
