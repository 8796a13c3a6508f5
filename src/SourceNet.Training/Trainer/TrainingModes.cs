using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Which modules of a model train. Those that were put into eval mode inside of a model in train mode are frozen, and stay so.</summary>
/// <remarks>
/// A training leaves the model in eval mode, all of it: what was frozen is remembered for the next one. Of a model that comes in eval mode nothing else can be
/// told from modes; there a norm is frozen if all of
/// its parameters are.
/// </remarks>
internal sealed class TrainingModes
{
    private static readonly ConditionalWeakTable<nn.Module, HashSet<nn.Module>> s_frozen = [];

    private readonly nn.Module model;
    private readonly HashSet<nn.Module> frozen;
    private IDisposable? scope;

    internal TrainingModes(nn.Module model)
    {
        this.model = model;
        frozen = model.training
            ? [.. model.modules().Where(module => !module.training)]
            : [.. s_frozen.TryGetValue(model, out var before) ? before : [], .. model.modules().Where(IsFrozenNorm), .. Declared(model)];
        s_frozen.AddOrUpdate(model, frozen);
    }

    /// <summary>Puts what is not frozen into train mode until the result is disposed.</summary>
    internal IDisposable Train() => scope = model.ModeScope(module => !frozen.Contains(module));

    internal void Set(nn.Module part, bool isFrozen)
    {
        foreach (var module in part.modules().Prepend(part))
        {
            _ = isFrozen ? frozen.Add(module) : frozen.Remove(module);
        }

        if (scope is not null)
        {
            part.train(!isFrozen);
        }
    }

    private static IEnumerable<nn.Module> Declared(nn.Module model) =>
        FrozenTechnique.Parts(model).Where(part => part.IsFrozen).SelectMany(part => part.Modules).SelectMany(module => module.modules().Prepend(module));

    private static bool IsFrozenNorm(nn.Module module) =>
        module is NormBase && module.parameters().Any() && module.parameters().All(parameter => !parameter.requires_grad);
}
