using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// Stochastic weight averaging: the mean of a module's weights at several points of training, mostly at the end of each of the last epochs, to evaluate and
/// save in their place (Izmailov et al. 2018, <see href="https://arxiv.org/abs/1803.05407"/>).
/// </summary>
/// <remarks>
/// The mean of weights has other activations than any of them, so a model with batch norm needs <see cref="UpdateBatchNorm"/> once, after the last
/// <see cref="Update"/>.
/// Buffers other than <c>running_mean</c> and <c>running_var</c> are those at the last update. Half types are averaged in float32.
/// </remarks>
/// <example><code>
/// using var swa = new Swa(model);
/// ... at the end of each of the last epochs: swa.Update();
/// swa.UpdateBatchNorm(batches, input => model.call(input));
/// using (swa.Apply())
/// {
///     Evaluate(model);
/// }
/// </code></example>
public sealed class Swa : IDisposable
{
    private readonly nn.Module model;
    private readonly AveragedState state;

    /// <param name="model">The module. Move or convert it before: <c>.to()</c> replaces its parameters.</param>
    public Swa(nn.Module model)
    {
        this.model = model;
        state = new AveragedState(model);
    }

    /// <summary>How many times the weights went into the mean.</summary>
    public long Count => state.Count;

    /// <summary>Takes the module's weights into the mean, all with equal weight.</summary>
    /// <exception cref="InvalidOperationException">The mean is applied, or the module's parameters were replaced.</exception>
    public void Update()
    {
        state.Move(1.0 / (Count + 1));
    }

    /// <summary>Puts the mean into the module. When the result is disposed, the module has its own values again, bit by bit.</summary>
    /// <exception cref="InvalidOperationException">Nothing was averaged yet, the mean is applied already, or the module's parameters were replaced.</exception>
    public IDisposable Apply()
    {
        CheckNotEmpty();
        return state.Apply();
    }

    /// <summary>
    /// Estimates the running statistics of batch norms anew, with the averaged weights: the mean of the statistics of the given batches, each weighted by its
    /// first axis.
    /// They belong to the averages from then on, whether these are applied or not.
    /// </summary>
    /// <param name="inputs">Batches of training images, <c>[N, ...]</c>. They stay the caller's.</param>
    /// <param name="run">
    /// Runs the model on a batch. What it creates is disposed after it. Batch norms are in train mode meanwhile, all else is in eval mode, and no gradients are
    /// kept.
    /// </param>
    /// <remarks>
    /// The variance is the mean of the batches' unbiased variances, as in PyTorch's <c>update_bn</c>. Other than there, dropout is off: the statistics are of
    /// what the norms see when the model is used.
    /// Does nothing in a model without such norms. If it throws, the averages are as they were.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// There is no batch, a norm would see one number per channel, which has no variance, or its statistics of the batches are not finite.
    /// </exception>
    /// <exception cref="InvalidOperationException">Nothing was averaged yet.</exception>
    public void UpdateBatchNorm(IEnumerable<Tensor> inputs, Action<Tensor> run)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(run);
        CheckNotEmpty();
        var norms = TrackingNorm.In(model);
        if (norms.Count == 0)
        {
            return;
        }

        using var applied = state.IsApplied ? null : state.Apply();
        try
        {
            Estimate(norms, inputs, run);
            state.TakeBuffers();
        }
        catch
        {
            state.ReturnBuffers();
            throw;
        }
    }

    /// <summary>
    /// The averages by the names of the module's state dict, and their number as <c>n_averaged</c>. The tensors stay this object's own: they change with it,
    /// and go with it.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> Save() => state.Save();

    /// <summary>Copies what <see cref="Save"/> gave. Everything is checked before anything is changed.</summary>
    /// <param name="state">Tensors by the names, and of the types and shapes, that <see cref="Save"/> gives. They are copied.</param>
    /// <exception cref="ArgumentException">A name is missing or unknown, or a type or shape differs.</exception>
    /// <exception cref="InvalidOperationException">The mean is applied.</exception>
    public void Load(IReadOnlyDictionary<string, Tensor> state) => this.state.Load(state);

    /// <summary>Puts the module's own values back, if the mean is applied, and frees the mean.</summary>
    public void Dispose() => state.Dispose();

    private void CheckNotEmpty()
    {
        if (Count == 0)
        {
            throw new InvalidOperationException("Nothing was averaged yet: call Update first.");
        }
    }

    private void Estimate(IReadOnlyList<TrackingNorm> norms, IEnumerable<Tensor> inputs, Action<Tensor> run)
    {
        using var modes = model.EvalScope();
        using var guard = new BatchNormGuard(model);
        using var momenta = new MomentumScope(norms);
        using var noGradient = no_grad();
        foreach (var tracking in norms)
        {
            tracking.Norm.train();
            tracking.Norm.reset_running_stats();
        }

        var seen = 0L;
        foreach (var input in inputs)
        {
            seen += input.size(0);
            // The running mean of all batches so far. Torch's own, without a momentum, would count a small last batch as a full one.
            momenta.Set((double)input.size(0) / seen);
            using var scope = NewDisposeScope();
            run(input);
        }

        if (seen == 0)
        {
            throw new ArgumentException("There is no batch to estimate the statistics of batch norms from.", nameof(inputs));
        }

        CheckFinite(norms, nameof(inputs));
    }

    private static void CheckFinite(IReadOnlyList<TrackingNorm> norms, string inputs)
    {
        using var scope = NewDisposeScope();
        foreach (var tracking in norms)
        {
            if (!tracking.Mean.isfinite().all().item<bool>() || !tracking.Variance.isfinite().all().item<bool>())
            {
                throw new ArgumentException($"The batches give '{tracking.Path}' statistics that are not finite: the inputs, or the averaged weights, are "
                    + "none.", inputs);
            }
        }
    }
}
