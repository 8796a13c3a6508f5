using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Mode;

/// <summary>
/// Picks the code of a type that can hold a mistake about modes: where a module runs, and something in reach sets a mode, opens a scope, steps an optimizer or is named like a prediction. The flow of
/// all other code, such as the forward of most modules, is never made.
/// </summary>
internal sealed class RelevantCode
{
    private readonly TorchSymbols _torch;
    private readonly Dictionary<ISymbol, Traits> _members = new(SymbolEqualityComparer.Default);

    public RelevantCode(TorchSymbols torch, IEnumerable<IOperation> blocks, CancellationToken cancellation)
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
        var needed = new HashSet<ISymbol>(_members.Where(member => IsSuspect(member.Key, member.Value)).Select(member => member.Key), SymbolEqualityComparer.Default);
        if (needed.Count == 0)
        {
            return [];
        }

        // What a field holds depends on the constructors and on every method that touches it.
        if (_members.Values.Any(traits => traits.TouchesFields))
        {
            needed.UnionWith(_members.Where(member => member.Value.TouchesFields || member.Key is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor }).Select(member => member.Key));
        }

        for (var count = -1; count != needed.Count;)
        {
            count = needed.Count;
            needed.UnionWith(_members.Where(member => needed.Contains(member.Key)).SelectMany(member => member.Value.Callees).Where(callee => _members.TryGetValue(callee, out var traits) && (traits.Runs || traits.Sets || _torch.IsModule((callee as IMethodSymbol)?.ReturnType))).ToList());
            needed.UnionWith(_members.Where(member => member.Value.Callees.Any(callee => needed.Contains(callee) && (_members[callee].Runs || _members[callee].TouchesFields))).Select(member => member.Key).ToList());
        }

        return _members
            .Where(member => needed.Contains(member.Key))
            .OrderBy(member => member.Value.Root.Syntax.SpanStart)
            .Select(member => GraphOf(member.Value.Root, cancellation) is { } graph ? new MethodBody(member.Key, graph, member.Value.Root) : null)
            .OfType<MethodBody>()
            .ToList();
    }

    private Traits Read(ISymbol symbol, IOperation root)
    {
        var isModule = _torch.IsModule(symbol.ContainingType);
        var traits = new Traits(root) { TouchesFields = !isModule && symbol is IFieldSymbol initialized && _torch.IsModule(initialized.Type) };
        foreach (var operation in root.Descendants())
        {
            switch (operation)
            {
                case IInvocationOperation call:
                    Read(call, traits);
                    break;
                case IFieldReferenceOperation field when !isModule && _torch.IsModule(field.Type):
                    traits.TouchesFields = true;
                    break;
            }
        }

        return traits;
    }

    private void Read(IInvocationOperation call, Traits traits)
    {
        if (_torch.IsForward(call))
        {
            traits.Runs |= !TorchSymbols.IsLoss(call.Instance?.Type);
        }
        else if (SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingAssembly, _torch.Torch.ContainingAssembly) || ModeCalls.OpensModeScope(call) || _torch.ModeSet(call) is not null)
        {
            traits.MakesNumbers |= BatchShape.IsFactory(call, _torch);
            traits.Sets |= _torch.GradientsSet(call) is not null || _torch.ModeSet(call) is not null || ModeCalls.OpensModeScope(call) || ModeCalls.IsLoad(call.TargetMethod) || _torch.IsOptimizerStep(call);
        }
        else if (call.TargetMethod.MethodKind == MethodKind.Ordinary)
        {
            traits.Callees.Add(call.TargetMethod.OriginalDefinition);
        }
    }

    /// <summary>A method that calls one in which a module runs is one in which a module runs.</summary>
    private void SpreadRuns()
    {
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var traits in _members.Values.Where(traits => !traits.Runs && traits.Callees.Any(callee => _members.TryGetValue(callee, out var other) && other.Runs)))
            {
                changed = traits.Runs = true;
            }
        }
    }

    private bool IsSuspect(ISymbol symbol, Traits traits) =>
        traits.Runs && (traits.Sets || (traits.MakesNumbers && !_torch.IsModule(symbol.ContainingType)) || ModeFindings.IsPrediction(symbol) || symbol is IMethodSymbol { MethodKind: MethodKind.Constructor });

    private static ControlFlowGraph? GraphOf(IOperation root, CancellationToken cancellation) => root switch
    {
        IMethodBodyOperation method => ControlFlowGraph.Create(method, cancellation),
        IConstructorBodyOperation constructor => ControlFlowGraph.Create(constructor, cancellation),
        IFieldInitializerOperation field => ControlFlowGraph.Create(field, cancellation),
        IPropertyInitializerOperation property => ControlFlowGraph.Create(property, cancellation),
        IBlockOperation bare => ControlFlowGraph.Create(bare, cancellation),
        _ => null,
    };

    private static ISymbol? SymbolOf(IOperation root, CancellationToken cancellation) => root switch
    {
        IFieldInitializerOperation field => field.InitializedFields.FirstOrDefault(),
        IPropertyInitializerOperation property => property.InitializedProperties.FirstOrDefault(),
        _ => root.SemanticModel?.GetDeclaredSymbol(root.Syntax, cancellation) ?? root.SemanticModel?.GetEnclosingSymbol(root.Syntax.SpanStart, cancellation),
    };

    /// <summary>What a member does that matters.</summary>
    private sealed class Traits(IOperation root)
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
