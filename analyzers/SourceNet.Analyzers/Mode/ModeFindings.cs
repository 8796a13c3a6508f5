using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Flow;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Mode;

/// <summary>Judges the calls of a type by what is known before them, and reports each mistake once.</summary>
internal sealed class ModeFindings(TorchSymbols torch, ModeDependence dependence, Action<Diagnostic> report, CancellationToken cancellation)
{
    private static readonly Regex s_prediction = new(
        "^(Predict|Prediction|Evaluate|Evaluation|Eval|Infer|Inference|Validate|Validation|Classify|Recognize|Detect|Test|Score)(?![a-z])",
        RegexOptions.CultureInvariant);

    private readonly HashSet<(string Id, Location Place)> _reported = [];

    public void Look(MethodBody body, ModeAnalysis analysis, ModeState state, IInvocationOperation call)
    {
        if (body.Symbol.IsTest())
        {
            return;
        }

        if (torch.IsForward(call) && analysis.ValueOf(state, call.Instance) is ModuleValue module && !TorchSymbols.IsLoss(call.Instance!.Type))
        {
            Forward(new(body, analysis, state, call, module));
        }
        else if (torch.IsOptimizerStep(call))
        {
            Step(body, analysis, state, call);
        }
    }

    private void Forward(Run run)
    {
        var rule = RuleFor(run);
        if (rule is not null && (rule == ModeRules.EvalWithGradients || HasModeToForget(run.Body, run.Module)))
        {
            Report(rule, run.Call, run.Call, dependence.EffectOf(run.Module, run.Body.Root.SemanticModel, cancellation).What);
        }
    }

    private DiagnosticDescriptor? RuleFor(Run run)
    {
        var known = run.Analysis.StateOf(run.State, run.Module);
        var gradients = run.Analysis.GradientsOf(run.State);
        var isCertain = known.Modes == Modes.Train || (known.Modes == (Modes.Train | Modes.Eval) && MethodBody.IsUnconditional(run.Call.Syntax));
        if (known.Modes == Modes.Train && BatchShape.IsOneValuePerChannel(run.Call, run.Module, run.Body.Root.SemanticModel, torch, cancellation))
        {
            return ModeRules.OneValuePerChannel;
        }

        if (gradients == Gradients.Off && isCertain)
        {
            return IsTrial(run) ? ModeRules.ForwardInConstructor : ModeRules.TrainWithoutGradients;
        }

        if (known.Modes == Modes.Eval)
        {
            return gradients == Gradients.Recorded
                && !GoesBackward(run.Body)
                && (IsPrediction(run.Body.Symbol) || !EscapeAnalysis.Leaves(run.Call, run.Body, torch, cancellation)) ? ModeRules.EvalWithGradients : null;
        }

        if (isCertain && gradients == Gradients.Recorded && IsTrial(run))
        {
            return ModeRules.ForwardInConstructor;
        }

        var predicts = gradients == Gradients.Off || IsPrediction(run.Body.Symbol);
        if (known.IsLoaded && !known.Modes.HasFlag(Modes.Eval) && (predicts || known.Modes == Modes.Train) && !GoesBackward(run.Body))
        {
            return ModeRules.LoadedWithoutEval;
        }

        return predicts
            && known.Modes == Modes.Unknown
            && run.Module.Creation is null
            && !IsPartOfModule(run)
            && !GoesBackward(run.Body) ? ModeRules.ModeNotSet : null;
    }

    private void Step(MethodBody body, ModeAnalysis analysis, ModeState state, IInvocationOperation call)
    {
        if (state.Backpropagated.IsEmpty || analysis.BeginsWithoutGradients)
        {
            return;
        }

        var trained = state.Backpropagated
            .Where(pair => HasModeToForget(body, pair.Key))
            .Select(pair => (Module: pair.Key, Modes: analysis.Resolved(pair.Key, pair.Value)))
            .ToList();
        var isUnconditional = MethodBody.IsUnconditional(call.Syntax);
        if (trained.Count > 0 && trained.All(one => one.Modes == Modes.Eval || (one.Modes == (Modes.Train | Modes.Eval) && isUnconditional)))
        {
            var forward = body.Root.Descendants()
                .OfType<IInvocationOperation>()
                .FirstOrDefault(one => torch.IsForward(one) && Names(one.Instance, trained[0].Module));
            Report(ModeRules.StepInEvalMode, call, forward ?? call, "");
        }

        static bool Names(IOperation? instance, ModuleValue module) => instance?.Variable() is { } variable
            && (module.Path?.Symbol is { } path
                ? SymbolEqualityComparer.Default.Equals(path, variable)
                : module.Creation?.Parent?.Parent is VariableDeclaratorSyntax declarator
                && declarator.Identifier.Text == variable.Name);
    }

    /// <summary>A run in a constructor, or of zeros that serve to learn a shape.</summary>
    private bool IsTrial(Run run) =>
        run.Body.Symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } || EscapeAnalysis.IsShapeOnly(run.Call, run.Body, torch, cancellation);

    /// <summary>Whether a method is named like a prediction or an evaluation.</summary>
    public static bool IsPrediction(ISymbol symbol) => symbol is IMethodSymbol && s_prediction.IsMatch(symbol.Name);

    /// <summary>The parts of a module are in the mode of the whole; so is the module in its own forward.</summary>
    private bool IsPartOfModule(Run run) =>
        torch.IsModule(run.Body.Symbol.ContainingType) && (run.Module.Path?.Symbol is not ITypeSymbol || run.Body.Symbol.Name is "forward" or "call");

    private bool GoesBackward(MethodBody body) => body.Graph.Calls().Any(call =>
        torch.IsBackward(call)
            || torch.IsOptimizerStep(call)
            || call.TargetMethod is { Name: "grad" or "requires_grad_" }
            || call.TargetMethod.ContainingType is { Name: "autograd" });

    private bool HasModeToForget(MethodBody body, ModuleValue module) =>
        dependence.EffectOf(module, body.Root.SemanticModel, cancellation).Differs != false && !dependence.HasModeOfItsOwn(module.Type, cancellation);

    /// <param name="rule">What is wrong.</param>
    /// <param name="place">Where.</param>
    /// <param name="forward">Runs the module that the message names.</param>
    /// <param name="effect">What of it depends on the mode, in words; empty if that is not known.</param>
    private void Report(DiagnosticDescriptor rule, IInvocationOperation place, IInvocationOperation forward, string effect)
    {
        var location = place.Syntax is InvocationExpressionSyntax invocation ? invocation.Expression.GetLocation() : place.Syntax.GetLocation();
        if (!_reported.Add((rule.Id, location)))
        {
            return;
        }

        var name = forward.Syntax is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member }
            && member.Expression is IdentifierNameSyntax or MemberAccessExpressionSyntax ? member.Expression.ToString() : null;
        var properties = ImmutableDictionary<string, string?>.Empty.Add("module", name ?? "this");
        report(Diagnostic.Create(
            rule,
            location,
            [forward.Syntax.GetLocation()],
            properties,
            name ?? "The module",
            effect.Length > 0 ? effect : "what depends on the mode still trains"));
    }

    /// <summary>A module that runs.</summary>
    private sealed record Run(MethodBody Body, ModeAnalysis Analysis, ModeState State, IInvocationOperation Call, ModuleValue Module);
}
