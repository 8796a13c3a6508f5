using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Optimizers;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Architecture;

/// <summary>What a program does with its models, which are known by their class, or by the call that makes a <c>Sequential</c>.</summary>
internal sealed class ModelUses(TorchSymbols torch)
{
    private readonly ConcurrentDictionary<(Condition Condition, ISymbol Class), string> _classes = new();
    private readonly ConcurrentDictionary<(Condition Condition, SyntaxNode Sequence), string> _sequences = new();

    public void Register(Dispatcher on)
    {
        on.Call(method => torch.IsFunctional(method) || torch.IsForward(method), (_, call) =>
        {
            if (torch.TakesLogits(call)
                && call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value.LocalDefinition() is IInvocationOperation forward
                && torch.IsForward(forward))
            {
                Note(Condition.GivesLogits, "", forward.Instance);
            }
        });
        on.Call(torch.IsOptimizerFactory, (_, call) =>
        {
            if (call.ExplicitArgument("weight_decay")?.Value is { } decay
                && decay.ConstantNumber() >= StrongRegularization.StrongDecay
                && torch.ParametersOf(call) is { } parameters)
            {
                Note(Condition.DecaysStrongly, decay.Syntax.ToString(), parameters.Instance);
            }
        });
    }

    /// <summary>Whether a condition holds for a class, or for a <c>Sequential</c>: null if not, else what a message says of it.</summary>
    public string? Find(Condition condition, INamedTypeSymbol? type, SyntaxNode? sequence) =>
        sequence is not null ? _sequences.TryGetValue((condition, sequence), out var made) ? made : null
        : type is not null && _classes.TryGetValue((condition, type.OriginalDefinition), out var known) ? known
        : null;

    private void Note(Condition condition, string text, IOperation? model)
    {
        if (model?.WalkDownConversions() is not { } bare)
        {
            return;
        }

        if (bare.Type is INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: false } type)
        {
            _classes[(condition, type.OriginalDefinition)] = text;
        }
        else if (bare.Definition() is IInvocationOperation made && torch.IsSequentialFactory(made))
        {
            _sequences[(condition, made.Syntax)] = text;
        }
    }
}
