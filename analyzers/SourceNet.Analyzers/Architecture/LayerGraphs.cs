using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;
using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Recognized;

namespace SourceNet.Analyzers.Architecture;

/// <summary>
/// The rules about architecture, SN3001 to SN3009 and SN3011: reads every declared model, module class and <c>Sequential</c> into a layer graph, once, and
/// shows it to each rule.
/// </summary>
public sealed class LayerGraphs() : Rule(s_rules.SelectMany(rule => rule.Descriptors).ToArray())
{
    private static readonly ArchitectureRule[] s_rules =
    [
        new DropoutBeforeBatchNorm(), new DropoutRate(), new ElementDropoutOnFeatureMaps(), new LogitsRule(), new BiasBeforeNorm(), new BatchNormInSequence(),
        new NothingNonlinear(),
        new RepeatedRegularizer(), new StrongRegularization(),
    ];

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        var uses = new ModelUses(torch);
        var pending = new ConcurrentBag<PendingFinding>();
        uses.Register(on);
        on.TypeStart(
            start =>
            {
                var type = (INamedTypeSymbol)start.Symbol;
                if (!ModelRecognizer.IsModule(type) || TorchSymbols.IsLoss(type) || !(ModelReader.IsModel(type) || ModelRecognizer.HoldsLayers(type)))
                {
                    return;
                }

                // The compiler has bound them for other rules already.
                start.RegisterOperationBlockAction(block =>
                {
                    foreach (var operation in block.OperationBlocks)
                    {
                        facts.Operations.Add(operation.Root());
                    }
                });
                start.RegisterSymbolEndAction(end =>
                {
                    var homes = type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(end.CancellationToken)).ToList();
                    foreach (var model in facts.Graphs(type, end.CancellationToken))
                    {
                        Look(model, type, homes, end.ReportDiagnostic, pending.Add, end.CancellationToken);
                    }
                });
            });

        on.Call(
            torch.IsSequentialFactory,
            (operation, _) =>
            {
                // A Sequential in a class that is no module: a factory, a program.
                if (!torch.IsModule(operation.ContainingSymbol.ContainingType)
                    && operation.Operation.Root() is var root
                    && IsFirst(root, operation.Operation, torch))
                {
                    var home = root.Syntax is EqualsValueClauseSyntax ? root.Syntax.Parent! : root.Syntax;
                    foreach (var model in facts.Graphs(root, operation.ContainingSymbol as IMethodSymbol, operation.CancellationToken))
                    {
                        Look(model, null, [home], operation.ReportDiagnostic, pending.Add, operation.CancellationToken);
                    }
                }
            });
        on.End(end =>
        {
            foreach (var (finding, place, type, sequence) in pending)
            {
                if (uses.Find(finding.Condition, type, sequence) is { } text)
                {
                    end.ReportDiagnostic(Diagnostic.Create(finding.Rule, place, [.. finding.Arguments, text]));
                }
            }
        });
    }

    /// <summary>Whether this is the first of several sequences in the same code, which are read together.</summary>
    private static bool IsFirst(IOperation root, IOperation sequence, TorchSymbols torch) =>
        root.Descendants().OfType<IInvocationOperation>().First(torch.IsSequentialFactory) == sequence;

    /// <summary>Shows one model to all rules, and reports what they find in the code that declares it: the rest is found where it is declared.</summary>
    private static void Look(
        RecognizedModel model,
        INamedTypeSymbol? type,
        IReadOnlyList<SyntaxNode> homes,
        Action<Diagnostic> report,
        Action<PendingFinding> postpone,
        CancellationToken cancellation)
    {
        if (!model.Graph.IsComplete)
        {
            return;
        }

        var graph = new ModelGraph(model.Graph);
        var seen = new HashSet<(string, Location)>();
        foreach (var finding in s_rules.SelectMany(rule => rule.Find(graph)))
        {
            cancellation.ThrowIfCancellationRequested();
            if (model.Graph.Nodes[finding.Node].Owner.Length > 0
                || Locate(finding.Place) is not { } place
                || !homes.Any(home => home.SyntaxTree == place.SourceTree && home.Span.Contains(place.SourceSpan))
                || !seen.Add((finding.Rule.Id, place)))
            {
                continue;
            }

            if (finding.Condition != Condition.None)
            {
                postpone(new(finding, place, type, model.Sequence));
                continue;
            }

            var properties = finding.Rank is { } rank
                ? ImmutableDictionary<string, string?>.Empty.Add("rank", rank.ToString(CultureInfo.InvariantCulture))
                : null;
            report(Diagnostic.Create(finding.Rule, place, properties, finding.Arguments));
        }

        Location? Locate(Origin origin) => origin.Kind == OriginKind.Code ? model.Places[origin.Member].GetLocation()
            : type is not null && model.Graph.Declaration is { } declaration ? OriginLocator.Locate(type, declaration, origin, cancellation)
            : null;
    }

    /// <summary>A finding that depends on what the rest of the program does with the model.</summary>
    private sealed record PendingFinding(Finding Finding, Location Place, INamedTypeSymbol? Type, SyntaxNode? Sequence);
}
