namespace SourceNet;

/// <summary>
/// Keeps parameters as they are: they get no gradients and no decay, and their layers stay in eval mode, so that running statistics rest and dropout is off.
/// </summary>
/// <remarks><para>
/// On the class: the default of every block and part, which <c>[Frozen(false)]</c> on one of them switches off. On a block: its layers. On a field or property
/// that holds modules or a parameter: those.
/// </para><para>
/// It holds from the construction on, for every optimizer and every loop. <see cref="UntilEpoch"/> is followed by the <c>Trainer</c> of SourceNet.Training; a
/// loop of your own finds the parts in <see cref="Model.FrozenParts"/>.
/// </para></remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method | AttributeTargets.Field | AttributeTargets.Property)]
public sealed class FrozenAttribute : Attribute
{
    /// <param name="enabled">False to switch the class's default off.</param>
    public FrozenAttribute(bool enabled = true) => Enabled = enabled;

    /// <summary>Whether it is frozen; false switches the class's default off.</summary>
    public bool Enabled { get; }

    /// <summary>The epoch, from 1, with which it begins to learn, at least 2: <c>UntilEpoch = 3</c> freezes two epochs. Without it, it never learns.</summary>
    public int UntilEpoch { get; set; }
}
