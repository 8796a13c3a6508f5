using SourceNet.Modeling;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Generators.Emission;

/// <summary>
/// Writes a block's method: one statement a layer; every tensor in between is disposed. A block that shares a kernel with a neighbor gets a second method,
/// which leaves its sum open or starts from one, and its own method calls that.
/// </summary>
internal sealed class BlockEmitter(ModelScope scope, Block block, CodeWriter code)
{
    private readonly NameTable _names = scope.Locals(block.Declaration.Parameter);
    private readonly FusedCall _fused = new(scope, block);
    private readonly SharedSums _shared = new(scope.Graph, block);

    public void Emit()
    {
        var declaration = block.Declaration;
        Comment();
        code.Line(ModelEmitter.GeneratedCode);
        var method = ModelEmitter.EscapeKeyword(declaration.MethodName);
        var head = $"{declaration.Modifiers} {TorchNames.Tensor} {method}({TorchNames.Tensor} {declaration.Parameter})";
        if (!_shared.Any || _shared.Stack is not null)
        {
            EmitBody(head);
        }
        else
        {
            code.Line($"{head} =>");
            code.Indented($"{scope.FromSum(block)}({TorchNames.ResidualSum}.Of({declaration.Parameter})){(_shared.GivesSum ? ".Value()" : "")};");
        }

        if (_shared.Any)
        {
            code.Line();
            code.Line($"// {_shared.Variant}");
            code.Line(ModelEmitter.GeneratedCode);
            EmitFromSum();
        }
    }

    private void EmitBody(string head)
    {
        var steps = Layers(block.Declaration.Parameter, 0, block.BodyCount).ToList();
        if (block.EndsWithSum)
        {
            steps.Add(("", Sum(Last(steps))));
        }
        else if (block.Declaration.IsResidual)
        {
            AddAfterSum(steps);
        }
        else if (steps.Count == 0)
        {
            // Every layer is switched off. A caller may dispose the input, so the result is a tensor of its own.
            steps.Add(("", $"{block.Declaration.Parameter}.alias()"));
        }

        var needsScope = block.Layers.Where((placed, i) => block.Fusion.TextAt(i).Length == 0 && placed.LeavesTensorsBehind).Any();
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

        EmitSteps(steps.Take(steps.Count - 1));
        var result = steps[steps.Count - 1].Expression;
        code.Line(!needsScope ? $"return {result};"
            : block.EndsWithSum ? $"return ({result}).MoveToOuterDisposeScope();"
            : $"return {result}.MoveToOuterDisposeScope();");
        code.Close();
    }

    /// <summary>The layers that follow the sum, the first of them together with it where a kernel does that.</summary>
    private void AddAfterSum(List<(string Name, string Expression)> steps)
    {
        var (body, first) = (Last(steps), block.BodyCount);
        if (block.Fusion.Steps.FirstOrDefault(step => step.TakesSum) is { } step)
        {
            var dropPath = DropPath is { } placed ? scope.Field(block, placed) : null;
            var input = block.Declaration.Parameter;
            first += step.Count;
            steps.Add((_names.Take(block.Layers[first - 1].Name), _fused.AfterSum(step, input, body ?? input, dropPath)));
        }
        else
        {
            steps.Add((_names.Take("sum"), Sum(body)));
        }

        steps.AddRange(Layers(Last(steps)!, first, block.Layers.Count));
    }

    /// <summary>The method that takes a sum, and gives one if the block is residual.</summary>
    private void EmitFromSum()
    {
        var input = block.Declaration.Parameter;
        var sum = _names.Take("sum");
        var head = $"private {(_shared.GivesSum ? TorchNames.ResidualSum : TorchNames.Tensor)} {scope.FromSum(block)}({TorchNames.ResidualSum} {sum})";
        if (_shared.Stack is { } stack)
        {
            code.Line($"{head} =>");
            code.Indented($"{scope.Field(block, stack)}.Continue({sum});");
            return;
        }

        var steps = new List<(string Name, string Expression)>();
        if (_shared.Begin is { } begin)
        {
            steps.Add((_names.Take(block.Layers[0].Name), _fused.WithSum(begin, sum, block.Declaration.IsResidual ? input : null)));
            steps.AddRange(Layers(steps[0].Name, begin.Count, block.Layers.Count));
        }
        else
        {
            steps.AddRange(Layers(input, 0, block.Layers.Count));
        }

        if (!block.Declaration.IsResidual && steps.Count == 1)
        {
            code.Line($"{head} =>");
            code.Indented($"{steps[0].Expression};");
            return;
        }

        code.Open(head);
        if (_shared.Begin is null)
        {
            code.Line($"var {input} = {sum}.Value();");
        }

        EmitSteps(steps.Take(steps.Count - 1));
        if (block.Declaration.IsResidual)
        {
            if (steps.Count > 0)
            {
                // Not disposed here: the open sum takes it over, as it does the block's input.
                code.Line($"var {steps[steps.Count - 1].Name} = {steps[steps.Count - 1].Expression};");
            }

            var dropPath = DropPath is { } placed ? $", {scope.Field(block, placed)}" : "";
            code.Line($"return new({input}, {Last(steps) ?? $"{input}.alias()"}{dropPath});");
        }
        else
        {
            code.Line($"return {steps[steps.Count - 1].Expression};");
        }

        code.Close();
    }

    private void EmitSteps(IEnumerable<(string Name, string Expression)> steps)
    {
        foreach (var (name, expression) in steps)
        {
            code.Line($"using var {name} = {expression};");
        }
    }

    /// <summary>Stands in for a block that cannot be written, so that the rest of the program still compiles; the analyzer says why.</summary>
    public static void EmitObstacle(Block block, CodeWriter code)
    {
        var declaration = block.Declaration;
        var text = Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral($"{declaration.MethodName} cannot be expanded: {block.Obstacle}", quote: true);
        code.Line(ModelEmitter.GeneratedCode);
        code.Line(
            $"{declaration.Modifiers} {TorchNames.Tensor} {ModelEmitter.EscapeKeyword(declaration.MethodName)}({TorchNames.Tensor} {declaration.Parameter}) "
                + "=>");
        code.Indented($"throw new global::System.InvalidOperationException({text});");
    }

    private void Comment()
    {
        code.Line($"// {block.Declaration.MethodName}: {block.Input} -> {block.Output}{(block.EndsWithSum ? ", added to its input" : "")}");
        for (var i = 0; i < block.Layers.Count; i++)
        {
            if (i == block.BodyCount)
            {
                code.Line("//   added to its input");
            }

            var placed = block.Layers[i];
            var origin = placed.Layer.Provenance == Provenance.Default ? ", the class's default" : "";
            code.Line($"//   {placed.Kind}{(placed.Details is { Length: > 0 } details ? $"({details})" : "")} -> {placed.Output}{origin}");
        }

        if (_fused.Comment() is { Length: > 0 } fusion)
        {
            code.Line($"// {fusion}");
        }

        foreach (var line in _shared.Comments())
        {
            code.Line($"// {line}");
        }
    }

    /// <summary>The layer that skips the body, computed with the sum.</summary>
    private PlacedLayer? DropPath =>
        block.Fusion.Steps.FirstOrDefault(step => step.Kernel == FusedKernel.DropPath) is { } step ? block.Layers[step.First] : null;

    private static string? Last(List<(string Name, string Expression)> steps) => steps.Count == 0 ? null : steps[steps.Count - 1].Name;

    /// <summary>The input on top of what the layers made of it; twice the input if they are all switched off.</summary>
    private string Sum(string? body)
    {
        var input = block.Declaration.Parameter;
        return DropPath is { } placed
            ? $"{TorchNames.Fused}.AddDropPath({input}, {body ?? input}, {scope.Field(block, placed)})"
            : $"{TorchNames.Fused}.Add({input}, {body ?? input})";
    }

    /// <summary>
    /// Each tensor that a layer or a fused step makes, with the expression that makes it. A drop path that is computed with the sum is none of them.
    /// </summary>
    /// <param name="current">What the first one starts from.</param>
    /// <param name="first">Its place.</param>
    /// <param name="end">The place before which it ends.</param>
    private IEnumerable<(string Name, string Expression)> Layers(string current, int first, int end)
    {
        for (var i = first; i < end; i++)
        {
            if (block.Fusion.Steps.FirstOrDefault(step => step.First == i && step.Kernel != FusedKernel.Module) is { } step)
            {
                i += step.Count - 1;
                if (step.Kernel == FusedKernel.DropPath)
                {
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
    }
}
