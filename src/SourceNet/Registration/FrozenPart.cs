using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>A part of a model that is declared <c>[Frozen]</c>: its parameters get no gradients, and its modules stay in eval mode.</summary>
/// <example><code>
/// foreach (var part in model.FrozenParts.Where(part => part.UntilEpoch &lt;= epoch))
/// {
///     part.Thaw();
/// }
/// </code></example>
public sealed class FrozenPart
{
    private readonly Func<IEnumerable<Parameter>> parameters;

    /// <param name="name">What it is called.</param>
    /// <param name="untilEpoch">The epoch with which it begins to learn; null for never.</param>
    /// <param name="modules">Its modules.</param>
    /// <param name="parameters">Its parameters: a conversion of the model makes new ones.</param>
    internal FrozenPart(string name, int? untilEpoch, IReadOnlyList<nn.Module> modules, Func<IEnumerable<Parameter>> parameters)
    {
        (Name, UntilEpoch, Modules) = (name, untilEpoch, modules);
        this.parameters = parameters;
    }

    /// <summary>The path of the block or member.</summary>
    public string Name { get; }

    /// <summary>The epoch, from 1, with which it begins to learn; null for never.</summary>
    public int? UntilEpoch { get; }

    /// <summary>Its modules; none where a parameter alone is frozen.</summary>
    public IReadOnlyList<nn.Module> Modules { get; }

    /// <summary>Whether it is frozen now.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>Freezes it: no gradients, and eval mode whatever mode the model gets.</summary>
    public void Freeze() => Set(true);

    /// <summary>Lets it learn, in train mode. What is declared as frozen inside of it, in a model of its own, learns too until that is frozen again.</summary>
    public void Thaw() => Set(false);

    /// <summary>Puts its modules into the mode that they have.</summary>
    internal void RestInEvalMode()
    {
        foreach (var module in Modules)
        {
            module.train(false);
        }
    }

    private void Set(bool frozen)
    {
        IsFrozen = frozen;
        foreach (var parameter in parameters())
        {
            // A gradient of before would be stepped with.
            parameter.grad = frozen ? null : parameter.grad;
            parameter.requires_grad = !frozen;
        }

        foreach (var module in Modules)
        {
            module.train(!frozen);
        }
    }
}
