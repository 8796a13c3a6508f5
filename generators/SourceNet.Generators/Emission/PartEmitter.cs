using Microsoft.CodeAnalysis.CSharp;
using SourceNet.Modeling.Graph;

namespace SourceNet.Generators.Emission;

/// <summary>
/// Writes the method that goes through the modules of a hand-written part: those in dictionaries, tuples and collections of collections, and those that may
/// be absent.
/// </summary>
internal sealed class PartEmitter(CodeWriter code, string model)
{
    private int _depth;

    public void Emit(HandWrittenPart part, string method)
    {
        code.Line();
        code.Line($"/// <summary>The modules that <see cref=\"{part.Member}\"/> holds, with their paths in the state_dict.</summary>");
        code.Line(ModelEmitter.GeneratedCode);
        code.Open($"private global::System.Collections.Generic.IEnumerable<(string Path, {TorchNames.NN}.Module? Module)> {method}()");
        Emit(part.Shape!, $"this.{part.Member}", new PathText(part.StateName));
        code.Close();
    }

    private void Emit(PartShape shape, string value, PathText path)
    {
        if (shape.IsNullable)
        {
            var present = Take("present");
            code.Open($"if ({value} is {{ }} {present})");
            EmitPresent(shape with { IsNullable = false }, present, path);
            code.Close();
            return;
        }

        EmitPresent(shape, value, path);
    }

    private void EmitPresent(PartShape shape, string value, PathText path)
    {
        switch (shape)
        {
            case PartShape.Module module:
                code.Line($"yield return ({path.Literal}, {(module.IsKnownClass ? "" : $"({TorchNames.NN}.Module?)(object?)")}{value});");
                break;
            case PartShape.Numbered numbered:
                var (index, item) = (Take("index"), Take("item"));
                code.Line($"var {index} = 0;");
                code.Open($"foreach (var {item} in {Required(value, numbered.IsValue, path)})");
                Emit(numbered.Item, item, path.Below(index));
                code.Line($"{index}++;");
                code.Close();
                break;
            case PartShape.Keyed keyed:
                var entry = Take("entry");
                code.Open($"foreach (var {entry} in {Required(value, keyed.IsValue, path)})");
                Emit(keyed.Value, $"{entry}.Value", path.Below($"{entry}.Key"));
                code.Close();
                break;
            case PartShape.Tuple tuple:
                foreach (var element in tuple.Elements)
                {
                    Emit(element.Shape, $"{value}.{element.Member}", path.Below(element));
                }

                break;
        }
    }

    /// <summary>A collection that its type says is there; where it is not, the same is said as of a module.</summary>
    private string Required(string value, bool isValue, PathText path) =>
        isValue ? value : $"{value} ?? throw {TorchNames.CompilerServices}.LayerRegistry.Missing({ModelEmitter.Literal(model)}, {path.Literal})";

    private string Take(string name) => $"{name}{_depth++}";

    /// <summary>A path in the state_dict, parts of which are known at run time only.</summary>
    private readonly struct PathText
    {
        private readonly string _text;
        private readonly bool _isInterpolated;

        public PathText(string text) : this(Escape(text), isInterpolated: false) { }

        private PathText(string text, bool isInterpolated) => (_text, _isInterpolated) = (text, isInterpolated);

        public string Literal => $"{(_isInterpolated ? "$" : "")}\"{_text}\"";

        public PathText Below(PartElement element) => new($"{_text}.{Escape(element.Name)}", _isInterpolated);

        public PathText Below(string expression) => new($"{_text}.{{{expression}}}", isInterpolated: true);

        // Names in a state_dict have no braces.
        private static string Escape(string text) => SymbolDisplay.FormatLiteral(text, quote: false);
    }
}
