using System.ComponentModel;
using SourceNet.CompilerServices;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>
/// A declared model, whatever its <c>forward</c> takes and gives: <see cref="Model"/> and the generic bases beside it. What a model offers for training, saving
/// and looking at stands in <see cref="ModelServices"/>.
/// </summary>
/// <remarks>Only the bases of this library implement it; the generator derives a model from the one that suits its forward.</remarks>
public interface IModel
{
    /// <inheritdoc cref="Model.RegularizationPlan"/>
    RegularizationPlan RegularizationPlan { get; }

    /// <inheritdoc cref="Model.DeclaredTraining"/>
    DeclaredTraining DeclaredTraining { get; }

    /// <inheritdoc cref="Model.FrozenParts"/>
    IReadOnlyList<FrozenPart> FrozenParts { get; }

    /// <inheritdoc cref="Model.ParameterGroups"/>
    IReadOnlyList<RegularizedGroup> ParameterGroups(WeightRegularization? inherited = null);

    /// <summary>What the forward gives, by name, in order: the names of its tuple; one empty name for a single tensor.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    IReadOnlyList<string> OutputNames { get; }

    /// <summary>Calls the model, hooks included.</summary>
    /// <param name="inputs">One tensor for each parameter of the forward; what is left out, or null, is an optional one.</param>
    /// <returns>What it gives, one tensor for each of <see cref="OutputNames"/>.</returns>
    /// <exception cref="ArgumentException">There are more tensors than parameters, or one that is needed is missing.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor?> inputs);

    /// <summary>The model's <c>Loss</c>.</summary>
    /// <param name="outputs">What <see cref="Run"/> gave.</param>
    /// <param name="targets">One for each objective that takes one.</param>
    /// <param name="weights">How much each sample counts; null if all count alike.</param>
    /// <exception cref="ArgumentException">There are more or fewer targets than objectives that take one.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    Tensor LossOf(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> targets, Tensor? weights);

    /// <summary>Every layer in the order of the forward pass.</summary>
    internal IReadOnlyList<LayerDescription> DeclaredLayers { get; }

    /// <summary>The values behind the names that shapes and strengths mention.</summary>
    internal IReadOnlyList<(string Name, object? Value)> DeclaredArguments { get; }

    /// <summary>How gradients are clipped; null for not at all.</summary>
    internal GradientClip? DeclaredClip { get; }

    /// <summary>What is known of its parts.</summary>
    internal ModelParts Parts { get; }
}
