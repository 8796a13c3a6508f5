using SourceNet.Modeling;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

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
            var details = LayerDescription.Details(placed);
            var origin = placed.Layer.Provenance == Provenance.Default ? ", the class's default" : "";
            code.Line($"//   {LayerDescription.Kind(placed.Layer, placed.Input)}{(details.Length > 0 ? $"({details})" : "")} -> {placed.Output}{origin}");
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
                yield return (name, Tied(tie, current));
                current = name;
                name = _names.Take("biased");
                yield return (name, $"{scope.Field(block, placed)}.call({current})");
            }
            else
            {
                yield return (name, Step(placed, current, weight));
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

    private string Step(PlacedLayer placed, string x, string weight)
    {
        if (placed.Tie is { } tie)
        {
            return Tied(tie, x);
        }

        if (weight.Length > 0)
        {
            return WithWeight(placed, x, weight);
        }

        if (scope.HasField(block.Declaration.MethodName, placed.Name))
        {
            var module = scope.Field(block, placed);
            // TorchSharp's module wants an axis besides the channels; the function does not.
            return placed is { Layer: NormLayer { Function: NormKind.Group }, Input.Rank: 1 }
                ? $"{TorchNames.Functional}.group_norm({x}, {module}.num_groups, {module}.weight, {module}.bias, {module}.eps)"
                : $"{module}.call({x})";
        }

        return placed.Layer switch
        {
            ActivationLayer activation => Activation(placed, activation, x),
            PoolLayer pool => Pool(pool, x),
            GlobalAveragePoolLayer => $"{x}.mean([{string.Join(", ", PooledAxes(placed.Input))}])",
            FlattenLayer => $"{x}.flatten(1)",
            ReshapeLayer reshape => $"{x}.reshape({string.Join(", ", reshape.Sizes.Select(size => ReshapedSize(size, placed)).Prepend($"{x}.size(0)"))})",
            SoftmaxLayer softmax => $"{TorchNames.Functional}.{(softmax.Log ? "log_softmax" : "softmax")}({x}, {ChannelAxis(placed.Input)})",
            _ => $"{x}.alias()",
        };
    }

    private string Tied(TiedWeight tie, string x)
    {
        var weight = tie.IsEmbedding ? scope.EmbeddingWeight(tie.Block, tie.Layer) : $"{scope.Field(tie.Block, tie.Layer)}.weight";
        return $"{TorchNames.Functional}.linear({x}, {weight})";
    }

    private string WithWeight(PlacedLayer placed, string x, string weight)
    {
        var module = scope.Field(block, placed);
        var bias = placed.HasBias ? $", {module}.bias" : "";
        if (placed.Layer is not ConvolutionLayer conv)
        {
            return $"{TorchNames.Functional}.linear({x}, {weight}{bias})";
        }

        var function = conv.Transposed ? $"conv_transpose{conv.Rank}d" : $"conv{conv.Rank}d";
        var steps = conv.Rank == 1 ? "stride" : "strides";
        var groups = conv.Groups.Constant == 1 ? "" : $", groups: {scope.InMethod(conv.Groups, placed.Path + "_groups")}";
        return $"{TorchNames.Functional}.{function}({x}, {weight}{bias}"
            + Sizes(steps, conv.Stride, 1) + Sizes("padding", conv.Padding, 0) + Sizes("output_padding", conv.OutputPadding, 0) + Sizes("dilation", conv.Dilation, 1)
            + $"{groups})";

        string Sizes(string name, EquatableArray<Dim> sizes, long usual)
        {
            if (sizes.All(size => size.Constant == usual))
            {
                return "";
            }

            var texts = sizes.Select(size => scope.InMethod(size, $"{placed.Path}_{name}"));
            return conv.Rank == 1 ? $", {name}: {texts.First()}" : $", {name}: [{string.Join(", ", texts)}]";
        }
    }

    private static string Activation(PlacedLayer placed, ActivationLayer activation, string x)
    {
        var settings = activation.Settings.Select(LayerModule.Number).ToList();
        return activation.Function switch
        {
            ActivationKind.GELU when activation.Approximate => Call("gelu", $"{TorchNames.Modules}.GELU.Approximate.tanh"),
            ActivationKind.GLU => Call("glu", ChannelAxis(placed.Input)),
            // TorchSharp's functional.hardtanh returns its argument as it is.
            ActivationKind.Hardtanh => $"{x}.clamp({settings[0]}, {settings[1]})",
            ActivationKind.LeakyReLU => Call("leaky_relu", settings[0]),
            ActivationKind.LogSigmoid => Call("logsigmoid"),
            var function => Call(function.ToString().ToLowerInvariant(), [.. settings]),
        };

        string Call(string function, params string[] arguments) => $"{TorchNames.Functional}.{function}({string.Join(", ", arguments.Prepend(x))})";
    }

    private string Pool(PoolLayer pool, string x)
    {
        var function = $"{(pool.Average ? "avg" : "max")}_pool{pool.Rank}d";
        var array = pool.Rank == 3;
        var tuple = pool.Rank == 2 && LayerModule.Differ(pool.Kernel, pool.Stride, pool.Padding, pool.Dilation);
        var stride = pool.Rank > 1 && !pool.Average && array ? "strides" : "stride";
        var arguments = new List<string> { x, Window(pool.Kernel, "kernel") };
        if (pool.Stride != pool.Kernel)
        {
            arguments.Add($"{stride}: {Window(pool.Stride, "stride")}");
        }

        if (pool.Padding.Any(size => size.Constant != 0))
        {
            arguments.Add($"padding: {Window(pool.Padding, "padding")}");
        }

        if (!pool.Average && pool.Dilation.Any(size => size.Constant != 1))
        {
            arguments.Add($"dilation: {Window(pool.Dilation, "dilation")}");
        }

        if (pool.CeilMode)
        {
            arguments.Add("ceil_mode: true");
        }

        if (pool.Average && !pool.CountIncludePad)
        {
            arguments.Add("count_include_pad: false");
        }

        return $"{TorchNames.Functional}.{function}({string.Join(", ", arguments)})";

        string Window(EquatableArray<Dim> sizes, string name)
        {
            var texts = sizes.Select(size => scope.InMethod(size, $"{block.Declaration.StateName}_pool_{name}")).ToList();
            return array ? $"[{string.Join(", ", texts)}]" : tuple ? $"({string.Join(", ", texts)})" : texts[0];
        }
    }

    /// <summary>A size that is open until run time is what remains of the elements.</summary>
    private string ReshapedSize(Dim size, PlacedLayer placed) =>
        size.Symbols().Any(scope.Graph.Declaration.FreeSizes.Contains) || !size.IsKnown ? "-1" : scope.InMethod(size, placed.Path + "_size");

    /// <summary>The axis of the channels, the batch counted.</summary>
    private static string ChannelAxis(Shape shape) => shape.IsKnown && shape.IsChannelsFirst ? "1" : "-1";

    private static IEnumerable<int> PooledAxes(Shape input) =>
        Enumerable.Range(0, input.Rank).Where(axis => axis != input.ChannelAxis).Select(axis => axis + 1);
}
