using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Mode;

/// <summary>
/// The rules that follow train and eval mode through the code: SN1001 to SN1004 and SN1009 to SN1011. A type in which no module runs costs nothing.
/// </summary>
public sealed class ModeFlow() : Rule(
    ModeRules.TrainWithoutGradients,
    ModeRules.ModeNotSet,
    ModeRules.StepInEvalMode,
    ModeRules.EvalWithGradients,
    ModeRules.OneValuePerChannel,
    ModeRules.LoadedWithoutEval,
    ModeRules.ForwardInConstructor)
{
    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var dependence = new ModeDependence(facts);
        var types = new ConcurrentDictionary<ISymbol, TypeCode>(SymbolEqualityComparer.Default);
        on.Body(blocks => CodeOf(blocks.OwningSymbol)?.Add(blocks.OperationBlocks));
        on.Call(facts.Torch.IsForward, (call, _) => CodeOf(call.ContainingSymbol)?.Runs());
        on.TypeStart(start => start.RegisterSymbolEndAction(end =>
        {
            if (types.TryRemove(end.Symbol, out var code) && code.RunsModules)
            {
                Look(end, code, facts.Torch, dependence);
            }
        }));

        TypeCode? CodeOf(ISymbol member) => member.ContainingType is { } type ? types.GetOrAdd(type, static _ => new()) : null;
    }

    private static void Look(SymbolAnalysisContext context, TypeCode code, TorchSymbols torch, ModeDependence dependence)
    {
        var bodies = new CodePrefilter(torch, code.Blocks, context.CancellationToken).Bodies(context.CancellationToken);
        if (bodies.Count > 0)
        {
            var findings = new ModeFindings(torch, dependence, context.ReportDiagnostic, context.CancellationToken);
            new InterproceduralModes(torch, bodies, findings.Look, context.CancellationToken).Run();
        }
    }

    /// <summary>The code of a type, as far as the compiler has come.</summary>
    private sealed class TypeCode
    {
        private readonly ConcurrentBag<IOperation> _blocks = [];
        private volatile bool _runsModules;

        public IEnumerable<IOperation> Blocks => _blocks;

        public bool RunsModules => _runsModules;

        public void Add(ImmutableArray<IOperation> blocks)
        {
            foreach (var block in blocks)
            {
                _blocks.Add(block);
            }
        }

        public void Runs() => _runsModules = true;
    }
}
