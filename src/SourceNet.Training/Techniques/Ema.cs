using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// An exponential moving average of a module's weights and running statistics, <c>average ← decay · average + (1 − decay) · weight</c>, to evaluate and save in
/// their place (Polyak and Juditsky 1992, "Acceleration of Stochastic Approximation by Averaging").
/// </summary>
/// <remarks>
/// It starts at the weights that the module has when it is built. So that these, mostly random, do not stay in it for 1 / (1 − decay) steps and more, the decay
/// warms up:
/// the update after n others keeps <c>min(decay, (1 + n) / (10 + n))</c>, as TensorFlow's does. Parameters and the buffers <c>running_mean</c> and
/// <c>running_var</c> are averaged, half types in float32;
/// every other buffer is the one at the last update. Buffers that the state dict leaves out stay the module's.
/// </remarks>
/// <example><code>
/// using var ema = new Ema(model, decay: 0.999);
/// ... optimizer.step(); ema.Update();
/// using (ema.Apply())
/// {
///     Evaluate(model);
/// }
/// </code></example>
public sealed class Ema : IDisposable
{
    private readonly AveragedState state;

    /// <param name="model">The module. Move or convert it before: <c>.to()</c> replaces its parameters.</param>
    /// <param name="decay">What the average keeps of itself at each update, in (0, 1).</param>
    /// <param name="warmUp">
    /// Whether the first updates keep less. Without it, what the module began with has the share decay^n after n updates: 85 % after 160 updates with 0.999.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A decay outside (0, 1).</exception>
    public Ema(nn.Module model, double decay, bool warmUp = true)
    {
        WarmsUp = warmUp;
        Decay = decay is > 0 and < 1 ? decay : throw new ArgumentOutOfRangeException(nameof(decay), decay, "The decay must be above 0 and below 1.");
        state = new AveragedState(model);
    }

    /// <summary>What the average keeps of itself at each update, after the warm-up.</summary>
    public double Decay { get; }

    /// <summary>Whether the first updates keep less.</summary>
    public bool WarmsUp { get; }

    /// <summary>How many updates there were.</summary>
    public long Count => state.Count;

    /// <summary>Moves the average toward the module's weights. Call it after each step of the optimizer.</summary>
    /// <exception cref="InvalidOperationException">The averages are applied, or the module's parameters were replaced.</exception>
    public void Update()
    {
        var n = (double)Count;
        state.Move(1 - (WarmsUp ? Math.Min(Decay, (1 + n) / (10 + n)) : Decay));
    }

    /// <summary>Puts the averages into the module. When the result is disposed, the module has its own values again, bit by bit.</summary>
    /// <exception cref="InvalidOperationException">The averages are applied already, or the module's parameters were replaced.</exception>
    public IDisposable Apply() => state.Apply();

    /// <summary>
    /// The averages by the names of the module's state dict, and the number of updates as <c>n_averaged</c>. The tensors stay this object's own: they change
    /// with it, and go with it.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> Save() => state.Save();

    /// <summary>Copies what <see cref="Save"/> gave. Everything is checked before anything is changed.</summary>
    /// <param name="state">Tensors by the names, and of the types and shapes, that <see cref="Save"/> gives. They are copied.</param>
    /// <exception cref="ArgumentException">A name is missing or unknown, or a type or shape differs.</exception>
    /// <exception cref="InvalidOperationException">The averages are applied.</exception>
    public void Load(IReadOnlyDictionary<string, Tensor> state) => this.state.Load(state);

    /// <summary>Puts the module's own values back, if the averages are applied, and frees the averages.</summary>
    public void Dispose() => state.Dispose();
}
