using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Mode;

/// <summary>
/// Picks the code of a type that can hold a mistake about modes: where a module runs, and something in reach sets a mode, opens a scope, steps an optimizer
/// or is named like a prediction. The flow of all other code, such as the forward of most modules, is never made.
/// </summary>
internal sealed class CodePrefilter
{
    private readonly TorchSymbols _torch;
    private readonly Dictionary<ISymbol, MemberSummary> _members = new(SymbolEqualityComparer.Default);

    public CodePrefilter(TorchSymbols torch, IEnumerable<IOperation> blocks, CancellationToken cancellation)
    {
        _torch = torch;
        foreach (var root in blocks.Select(block => block.Root()).Distinct())
        {
            if (SymbolOf(root, cancellation) is { } symbol)
            {
                _members[symbol] = Read(symbol, root);
            }
        }
    }

    /// <summary>The bodies to follow; none for most types.</summary>
    public List<MethodBody> Bodies(CancellationToken cancellation)
    {
        SpreadRuns();
        var needed = new HashSet<ISymbol>(
            _members.Where(member => IsSuspect(member.Key, member.Value)).Select(member => member.Key),
            SymbolEqualityComparer.Default);
        if (needed.Count == 0)
        {
            return [];
        }

        // What a field holds depends on the constructors and on every method that touches it.
        if (_members.Values.Any(summary => summary.TouchesFields))
        {
            needed.UnionWith(
                _members.Where(
                    member => member.Value.TouchesFields || member.Key is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor })
                    .Select(member => member.Key));
        }

        for (var count = -1; count != needed.Count;)
        {
            count = needed.Count;
            needed.UnionWith(
                _members.Where(member => needed.Contains(member.Key))
                    .SelectMany(member => member.Value.Callees)
                    .Where(
                        callee =>
                            _members.TryGetValue(callee, out var summary)
                                && (summary.Runs || summary.Sets || _torch.IsModule((callee as IMethodSymbol)?.ReturnType)))
                    .ToList());
            needed.UnionWith(
                _members.Where(
                    member => member.Value.Callees.Any(callee => needed.Contains(callee) && (_members[callee].Runs || _members[callee].TouchesFields)))
                    .Select(member => member.Key)
                    .ToList());
        }

        return _members
            .Where(member => needed.Contains(member.Key))
            .OrderBy(member => member.Value.Root.Syntax.SpanStart)
            .Select(
                member => BodyFacts.Around(member.Value.Root).Graph(cancellation) is { } graph ? new MethodBody(member.Key, graph, member.Value.Root) : null)
            .OfType<MethodBody>()
            .ToList();
    }

    private MemberSummary Read(ISymbol symbol, IOperation root)
    {
        var isModule = _torch.IsModule(symbol.ContainingType);
        var summary = new MemberSummary(root) { TouchesFields = !isModule && symbol is IFieldSymbol initialized && _torch.IsModule(initialized.Type) };
        foreach (var operation in root.Descendants())
        {
            switch (operation)
            {
                case IInvocationOperation call:
                    Read(call, summary);
                    break;
                case IFieldReferenceOperation field when !isModule && _torch.IsModule(field.Type):
                    summary.TouchesFields = true;
                    break;
            }
        }

        return summary;
    }

    private void Read(IInvocationOperation call, MemberSummary summary)
    {
        if (_torch.IsForward(call))
        {
            summary.Runs |= !TorchSymbols.IsLoss(call.Instance?.Type);
        }
        else if (
            SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingAssembly, _torch.Torch.ContainingAssembly)
                || ModeCalls.OpensModeScope(call)
                || _torch.ModeSet(call) is not null)
        {
            summary.MakesNumbers |= BatchShape.IsFactory(call, _torch);
            summary.Sets |= _torch.GradientsSet(call) is not null
                || _torch.ModeSet(call) is not null
                || ModeCalls.OpensModeScope(call)
                || ModeCalls.IsLoad(call.TargetMethod)
                || _torch.IsOptimizerStep(call);
        }
        else if (call.TargetMethod.MethodKind == MethodKind.Ordinary)
        {
            summary.Callees.Add(call.TargetMethod.OriginalDefinition);
        }
    }

    /// <summary>A method that calls one in which a module runs is one in which a module runs.</summary>
    private void SpreadRuns()
    {
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (
                var summary in _members.Values.Where(
                    summary => !summary.Runs && summary.Callees.Any(callee => _members.TryGetValue(callee, out var other) && other.Runs)))
            {
                changed = summary.Runs = true;
            }
        }
    }

    private bool IsSuspect(ISymbol symbol, MemberSummary summary) =>
        summary.Runs
            && (summary.Sets
                || (summary.MakesNumbers && !_torch.IsModule(symbol.ContainingType))
                || ModeFindings.IsPrediction(symbol)
                || symbol is IMethodSymbol { MethodKind: MethodKind.Constructor });

    private static ISymbol? SymbolOf(IOperation root, CancellationToken cancellation) => root switch
    {
        IFieldInitializerOperation field => field.InitializedFields.FirstOrDefault(),
        IPropertyInitializerOperation property => property.InitializedProperties.FirstOrDefault(),
        // The default value of a parameter, or an argument of an attribute, is no code of the member around it.
        IParameterInitializerOperation or IAttributeOperation => null,
        _ => root.SemanticModel?.GetDeclaredSymbol(root.Syntax, cancellation) ?? root.SemanticModel?.GetEnclosingSymbol(root.Syntax.SpanStart, cancellation),
    };

    /// <summary>What a member does that matters.</summary>
    private sealed class MemberSummary(IOperation root)
    {
        public IOperation Root { get; } = root;

        /// <summary>A module runs in it, lambdas and local functions included.</summary>
        public bool Runs { get; set; }

        /// <summary>It sets a mode, opens a scope, loads weights or steps an optimizer.</summary>
        public bool Sets { get; set; }

        /// <summary>It makes tensors of zeros or noise, such as a trial run needs.</summary>
        public bool MakesNumbers { get; set; }

        public bool TouchesFields { get; set; }

        public HashSet<ISymbol> Callees { get; } = new(SymbolEqualityComparer.Default);
    }
}
