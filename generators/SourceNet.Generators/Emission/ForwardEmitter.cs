using SourceNet.Modeling.Graph;

namespace SourceNet.Generators.Emission;

/// <summary>
/// Writes the forward that chains the blocks. Each result is disposed as soon as the next one is there, so that inference holds two at a time; a sum that is
/// left open is taken over by the next block.
/// </summary>
internal sealed class ForwardEmitter(ModelScope scope, CodeWriter code)
{
    private readonly LayerGraph _graph = scope.Graph;
    private readonly ModelDeclaration _declaration = scope.Declaration;
    private readonly List<Block> _blocks = scope.Graph.Blocks.Where(block => block.Declaration.IsExpandable).ToList();

    public void Emit()
    {
        if (_declaration.ForwardObstacle is { } obstacle)
        {
            code.Line();
            code.Line("/// <inheritdoc/>");
            code.Line(ModelEmitter.GeneratedCode);
            code.Line($"public override {TorchNames.Tensor} forward({TorchNames.Tensor} input) =>");
            code.Indented($"throw new global::System.InvalidOperationException({ModelEmitter.Literal(obstacle)});");
            return;
        }

        if (_declaration.HasForward)
        {
            return;
        }

        var input = _declaration.Input?.Shape.ToString();
        code.Line();
        code.Line(
            $"/// <summary>{(input is null ? "Runs all blocks in order of declaration" : $"<c>{input} -&gt; {_graph.Output}</c>, with the batch before both")}.</summary>");
        code.Line(ModelEmitter.GeneratedCode);
        var names = Names();
        var parameter = names.Take("input");
        EmitChain($"public override {TorchNames.Tensor} forward({TorchNames.Tensor} {parameter})", new Chain(parameter, IsSum: false), names, endsOpen: false);
        if (_graph.SumBetweenRepeats is not null)
        {
            EmitBetweenRepeats();
        }
    }

    private void EmitBetweenRepeats()
    {
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line(ModelEmitter.GeneratedCode);
        var names = Names();
        var parameter = names.Take("input");
        // A class that derives from the model may compute something else in its forward.
        var condition = _declaration.Type.IsSealed ? null : $"GetType() != typeof({_declaration.Type.Head.Substring("partial class ".Length)})";
        EmitChain(
            $"protected override {TorchNames.ResidualSum}? {FusedSum.Method}({TorchNames.ResidualSum} {parameter})",
            new Chain(parameter, IsSum: true),
            names,
            endsOpen: true,
            condition);
    }

    /// <summary>A block may have any name.</summary>
    private NameTable Names() => new(_blocks.Select(block => ModelEmitter.EscapeKeyword(block.Declaration.MethodName)));

    /// <param name="head">The method.</param>
    /// <param name="current">Its parameter.</param>
    /// <param name="names">What its variables may be called.</param>
    /// <param name="endsOpen">Whether the last sum is left open.</param>
    /// <param name="refusal">When it returns null instead; null for never.</param>
    private void EmitChain(string head, Chain current, NameTable names, bool endsOpen, string? refusal = null)
    {
        if (_blocks.Count <= 1)
        {
            var call = _blocks.Count == 0 ? $"{current.Name}.alias()" : Call(0, current, endsOpen).Expression;
            code.Line($"{head} =>");
            code.Indented($"{(refusal is null ? "" : $"{refusal} ? null : ")}{call};");
            return;
        }

        var (one, other, sum) = (names.Take("x"), names.Take("y"), _graph.Sums.Count > 0 ? names.Take("sum") : "");
        var steps = Steps(current, one, other, sum, endsOpen).ToList();
        code.Open(head);
        if (refusal is not null)
        {
            code.Open($"if ({refusal})");
            code.Line("return null;");
            code.Close();
            code.Line();
        }

        if (steps.Any(step => step.Target == sum && sum.Length > 0))
        {
            code.Line("// A block that ends with an open sum leaves it to the next one, which computes it together with what it begins with.");
        }

        var declared = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < steps.Count; i++)
        {
            var (target, expression, disposed) = steps[i];
            var use = disposed is null ? "" : $"using ({disposed}) ";
            if (target is null)
            {
                code.Line($"{use}return {expression};");
            }
            else if (declared.Contains(target))
            {
                code.Line($"{use}{target} = {expression};");
            }
            else
            {
                Declare(target, expression, use, target == one && steps.Any(step => step.Target == other));
            }
        }

        code.Close();

        // A statement that disposes cannot declare what outlives it.
        void Declare(string target, string expression, string use, bool both)
        {
            var type = target == sum ? TorchNames.ResidualSum : TorchNames.Tensor;
            declared.Add(target);
            if (both)
            {
                declared.Add(other);
            }

            var second = both ? $", {other}" : "";
            if (use.Length == 0)
            {
                code.Line($"{type} {target} = {expression}{second};");
                return;
            }

            code.Line($"{type} {target}{second};");
            code.Line($"{use}{target} = {expression};");
        }
    }

    /// <summary>Where each block's result goes, how it is computed, and which tensor is disposed then.</summary>
    private IEnumerable<(string? Target, string Expression, string? Disposed)> Steps(Chain current, string one, string other, string sum, bool endsOpen)
    {
        for (var i = 0; i < _blocks.Count; i++)
        {
            var (expression, isSum) = Call(i, current, endsOpen);
            var disposed = current.IsVariable && !current.IsSum ? current.Name : null;
            var target = i == _blocks.Count - 1 ? null : isSum ? sum : current.Name == one ? other : one;
            yield return (target, expression, disposed);
            current = new Chain(target ?? "", isSum) { IsVariable = true };
        }
    }

    /// <summary>A block's call, and whether its result is a sum that is still open.</summary>
    private (string Expression, bool IsSum) Call(int place, Chain current, bool endsOpen)
    {
        var block = _blocks[place];
        var shared = new SharedSums(_graph, block);
        if (!shared.Any)
        {
            return ($"{ModelEmitter.EscapeKeyword(block.Declaration.MethodName)}({current.Name})", false);
        }

        var call = $"{scope.FromSum(block)}({(current.IsSum ? current.Name : $"{TorchNames.ResidualSum}.Of({current.Name})")})";
        var staysOpen = shared.GivesSum && (place == _blocks.Count - 1 ? endsOpen : new SharedSums(_graph, _blocks[place + 1]).Any);
        return (shared.GivesSum && !staysOpen ? $"{call}.Value()" : call, staysOpen);
    }

    /// <summary>What the blocks so far have made.</summary>
    private readonly record struct Chain(string Name, bool IsSum)
    {
        /// <summary>Whether it is a variable of the method, and not its parameter.</summary>
        public bool IsVariable { get; init; }
    }
}
