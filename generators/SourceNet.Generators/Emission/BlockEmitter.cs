using SourceNet.Modeling;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Generators.Emission;

/// <summary>Writes a block's method: one statement a layer; every tensor in between is disposed.</summary>
internal sealed class BlockEmitter(ModelScope scope, Block block, CodeWriter code)
{
    private readonly NameTable _names = scope.Locals(block.Declaration.Parameter);
    private readonly FusedCall _fused = new(scope, block);

    public void Emit()
    {
        var declaration = block.Declaration;
        Comment();
        code.Line(ModelEmitter.GeneratedCode);
        var head = $"{declaration.Modifiers} {TorchNames.Tensor} {ModelEmitter.EscapeKeyword(declaration.MethodName)}({TorchNames.Tensor} {declaration.Parameter})";
        var steps = Steps().ToList();
        var needsScope = block.Layers.Where((placed, i) => block.Fusion.TextAt(i).Length == 0 && LeavesTensorsBehind(placed)).Any();
        if (steps.Count == 1 && !needsScope)
        {
            code.Line($"{head} =>");
            code.Indented($"{steps[0].Expression};");
            return;
        }

        code.Open(head);
        if (needsScope)
        {
            code.Line($"using var {_names.Take("scope")} = {TorchNames.Scope}(); // for tensors that TorchSharp makes and leaves behind");
        }

        foreach (var (name, expression) in steps.Take(steps.Count - 1))
        {
            code.Line($"using var {name} = {expression};");
        }

        var result = steps[steps.Count - 1].Expression;
        code.Line(!needsScope ? $"return {result};"
            : block.Declaration.IsResidual ? $"return ({result}).MoveToOuterDisposeScope();"
            : $"return {result}.MoveToOuterDisposeScope();");
        code.Close();
    }

    /// <summary>TorchSharp's Dropout1d does not dispose what it unsqueezes.</summary>
    private static bool LeavesTensorsBehind(PlacedLayer placed) =>
        placed is { Layer: DropoutLayer { Kind: DropoutKind.Spatial }, Input.Rank: <= 2 };

    /// <summary>Stands in for a block that cannot be written, so that the rest of the program still compiles; the analyzer says why.</summary>
    public static void EmitObstacle(Block block, CodeWriter code)
    {
        var declaration = block.Declaration;
        var text = Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral($"{declaration.MethodName} cannot be expanded: {block.Obstacle}", quote: true);
        code.Line(ModelEmitter.GeneratedCode);
        code.Line($"{declaration.Modifiers} {TorchNames.Tensor} {ModelEmitter.EscapeKeyword(declaration.MethodName)}({TorchNames.Tensor} {declaration.Parameter}) =>");
        code.Indented($"throw new global::System.InvalidOperationException({text});");
    }

    private void Comment()
    {
        code.Line($"// {block.Declaration.MethodName}: {block.Input} -> {block.Output}{(block.Declaration.IsResidual ? ", added to its input" : "")}");
        foreach (var placed in block.Layers)
        {
            var origin = placed.Layer.Provenance == Provenance.Default ? ", the class's default" : "";
            code.Line($"//   {placed.Kind}{(placed.Details is { Length: > 0 } details ? $"({details})" : "")} -> {placed.Output}{origin}");
        }

        if (_fused.Comment() is { Length: > 0 } fusion)
        {
            code.Line($"// {fusion}");
        }
    }

    /// <summary>Each tensor with the expression that makes it; the last one is the result.</summary>
    private IEnumerable<(string Name, string Expression)> Steps()
    {
        var input = block.Declaration.Parameter;
        var current = input;
        for (var i = 0; i < block.Layers.Count; i++)
        {
            if (block.Fusion.Steps.FirstOrDefault(step => step.First == i && step.Kernel != FusedKernel.Module) is { } step)
            {
                i += step.Count - 1;
                if (step.Kernel == FusedKernel.DropPath)
                {
                    yield return ("", _fused.Expression(step, current));
                    yield break;
                }

                var result = _names.Take(block.Layers[i].Name);
                yield return (result, _fused.Expression(step, current));
                current = result;
                continue;
            }

            var placed = block.Layers[i];
            var weight = "";
            foreach (var transform in WeightTransform.Of(block, placed))
            {
                var source = weight.Length > 0 ? weight : $"{scope.Field(block, placed)}.weight";
                weight = _names.Take("weight");
                yield return (weight, $"{scope.Field(block.Declaration.MethodName, placed.Name, transform.Role)}.call({source})");
            }

            var name = _names.Take(placed.Name.Length > 0 ? placed.Name : "stack");
            if (placed is { Tie: { } tie, HasBias: true })
            {
                yield return (name, new LayerCall(scope, block, placed, current).Tied(tie));
                current = name;
                name = _names.Take("biased");
                yield return (name, $"{scope.Field(block, placed)}.call({current})");
            }
            else
            {
                var call = new LayerCall(scope, block, placed, current);
                yield return (name, weight.Length > 0 ? call.WithWeight(weight) : placed.Layer.Accept(call));
            }

            current = name;
        }

        if (block.Declaration.IsResidual)
        {
            yield return ("", current == input ? $"{input} + {input}" : $"{input} + {current}");
        }
        else if (current == input)
        {
            // Every layer is switched off. A caller may dispose the input, so the result is a tensor of its own.
            yield return ("", $"{input}.alias()");
        }
    }
}
