using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Layers;

/// <summary>
/// Self-attention, <c>[N, T, dim] → [N, T, dim]</c> or <c>[T, dim] → [T, dim]</c>: <c>softmax(q kᵀ / √d) v</c> for each head of size d = dim / heads
/// (Vaswani et al. 2017, <see href="https://arxiv.org/abs/1706.03762"/>), through TorchSharp's <c>scaled_dot_product_attention</c>.
/// </summary>
/// <remarks>
/// With fewer key and value heads than query heads it is grouped-query attention (Ainslie et al. 2023, <see href="https://arxiv.org/abs/2305.13245"/>):
/// consecutive query heads share one. Rotary positions (Su et al. 2021, <see href="https://arxiv.org/abs/2104.09864"/>) follow the half-split convention of
/// GPT-NeoX and Llama.
/// The state holds <c>query</c>, <c>key</c>, <c>value</c> and <c>output</c>, four linear layers; or <c>query_key_value</c> and <c>output</c>.
/// </remarks>
public sealed class Attention : Layer, IStochasticLayer
{
    private readonly long dim;
    private readonly long heads;
    private readonly long keyValueHeads;
    private readonly long headSize;
    private readonly bool causal;
    private readonly double dropout;
    private readonly RotaryPositions? positions;
    private readonly Linear? fused;
    private readonly (Linear Query, Linear Key, Linear Value)? apart;

    /// <param name="dim">The size of a position's vector, a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">The number of query heads, at least 1.</param>
    /// <param name="keyValueHeads">The number of key and value heads, a divisor of <paramref name="heads"/>; as many as query heads if null.</param>
    /// <param name="causal">Whether a position sees only itself and those before it.</param>
    /// <param name="rotary">Whether queries and keys are rotated by their position; the size of a head must be even.</param>
    /// <param name="rotaryBase">The base of the rotary frequencies, above 0.</param>
    /// <param name="dropout">The rate of dropout on the attention weights in train mode, in [0, 1).</param>
    /// <param name="bias">Whether the linear layers have a bias.</param>
    /// <param name="fused">Whether one linear layer, <c>query_key_value</c>, makes queries, keys and values.</param>
    /// <exception cref="ArgumentException">Numbers that do not divide each other, or an odd head with rotary positions.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1, a rate outside [0, 1), a base not above 0.</exception>
    public Attention(
        long dim,
        long heads,
        long? keyValueHeads = null,
        bool causal = false,
        bool rotary = false,
        double rotaryBase = 10_000,
        double dropout = 0,
        bool bias = true,
        bool fused = false)
        : base(nameof(Attention))
    {
        this.dim = CheckedSize(dim);
        this.heads = CheckedSize(heads);
        this.keyValueHeads = CheckedSize(keyValueHeads ?? heads, nameof(keyValueHeads));
        this.causal = causal;
        this.dropout = CheckedRate(dropout);
        headSize = dim / heads;
        if (dim % heads != 0)
        {
            throw new ArgumentException($"The size {dim} cannot be split among {heads} heads: it must be a multiple of the number of heads.", nameof(heads));
        }

        if (heads % this.keyValueHeads != 0)
        {
            throw new ArgumentException($"{heads} query heads cannot share {keyValueHeads} key and value heads evenly: the latter must divide the former.",
                nameof(keyValueHeads));
        }

        if (rotary)
        {
            positions = Positions(rotaryBase);
        }

        var shared = this.keyValueHeads * headSize;
        if (fused)
        {
            this.fused = Register(nameof(query_key_value), nn.Linear(dim, dim + (2 * shared), bias));
        }
        else
        {
            apart = (
                Register(nameof(query), nn.Linear(dim, dim, bias)),
                Register(nameof(key), nn.Linear(dim, shared, bias)),
                Register(nameof(value), nn.Linear(dim, shared, bias)));
        }

        output = Register(nameof(output), nn.Linear(dim, dim, bias));
    }

    /// <summary>Makes the queries: dim → dim.</summary>
    /// <exception cref="InvalidOperationException">One layer makes queries, keys and values.</exception>
    public Linear query => Apart.Query;

    /// <summary>Makes the keys: dim → key and value heads × size of a head.</summary>
    /// <inheritdoc cref="query" path="/exception"/>
    public Linear key => Apart.Key;

    /// <summary>Makes the values: dim → key and value heads × size of a head.</summary>
    /// <inheritdoc cref="query" path="/exception"/>
    public Linear value => Apart.Value;

    /// <summary>Makes queries, keys and values, in this order: dim → dim + 2 · key and value heads × size of a head.</summary>
    /// <exception cref="InvalidOperationException">Three layers make them.</exception>
    public Linear query_key_value => fused ?? throw new InvalidOperationException("This attention has query, key and value apart.");

    private (Linear Query, Linear Key, Linear Value) Apart =>
        apart ?? throw new InvalidOperationException("This attention has one layer for queries, keys and values: query_key_value.");

    /// <summary>Mixes the heads: dim → dim.</summary>
    public Linear output { get; }

    /// <param name="input">The vectors of T positions, <c>[N, T, dim]</c> or <c>[T, dim]</c>.</param>
    /// <exception cref="ArgumentException">Another shape.</exception>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var rank = (int)input.ndim;
        if (rank is not (2 or 3) || input.size(rank - 1) != dim)
        {
            throw new ArgumentException($"Attention takes [N, T, {dim}] or [T, {dim}], and the input is {Text(input.shape)}.", nameof(input));
        }

        var batch = rank == 3 ? input.size(0) : 1;
        var length = input.size(rank - 2);

        using var attended = Attend(input, batch, length);
        using var inOrder = attended.transpose(1, 2);
        using var joined = rank == 3 ? inOrder.reshape(batch, length, dim) : inOrder.reshape(length, dim);
        return output.call(joined);
    }

    /// <summary><c>[N, heads, T, d]</c>.</summary>
    private Tensor Attend(Tensor input, long batch, long length)
    {
        var (projectedQueries, projectedKeys, projectedValues) = Projected(input);
        using var queries = Rotated(Heads(projectedQueries, batch, length, heads));
        using var keys = Shared(Rotated(Heads(projectedKeys, batch, length, keyValueHeads)), batch, length);
        using var values = Shared(Heads(projectedValues, batch, length, keyValueHeads), batch, length);
        return nn.functional.scaled_dot_product_attention(queries, keys, values, p: dropout > 0 && training ? dropout : 0, is_casual: causal);
    }

    /// <summary>Queries, keys and values, <c>[..., heads · d]</c>.</summary>
    private (Tensor Queries, Tensor Keys, Tensor Values) Projected(Tensor input)
    {
        if (fused is null)
        {
            return (query.call(input), key.call(input), value.call(input));
        }

        using var all = fused.call(input);
        var (axis, shared) = (all.ndim - 1, keyValueHeads * headSize);
        return (all.narrow(axis, 0, dim), all.narrow(axis, dim, shared), all.narrow(axis, dim + shared, shared));
    }

    /// <summary>Takes the projection and splits it, <c>[N, heads, T, d]</c>.</summary>
    private Tensor Heads(Tensor projected, long batch, long length, long count)
    {
        using (projected)
        {
            using var split = projected.reshape(batch, length, count, headSize);
            return split.transpose(1, 2);
        }
    }

    private Tensor Rotated(Tensor split)
    {
        if (positions is null)
        {
            return split;
        }

        using (split)
        {
            return positions.Rotate(split);
        }
    }

    /// <summary>Repeats each key and value head for the query heads that share it: <c>[N, kv, T, d] → [N, heads, T, d]</c>.</summary>
    private Tensor Shared(Tensor split, long batch, long length)
    {
        if (keyValueHeads == heads)
        {
            return split;
        }

        using (split)
        {
            using var single = split.unsqueeze(2);
            using var repeated = single.expand(batch, keyValueHeads, heads / keyValueHeads, length, headSize);
            return repeated.reshape(batch, heads, length, headSize);
        }
    }

    private RotaryPositions Positions(double rotaryBase)
    {
        if (headSize % 2 != 0)
        {
            throw new ArgumentException($"Rotary positions turn pairs of features, and {dim} / {heads} gives heads of the odd size {headSize}.", "rotary");
        }

        return rotaryBase > 0 && double.IsFinite(rotaryBase)
            ? new RotaryPositions(headSize, rotaryBase)
            : throw new ArgumentOutOfRangeException(nameof(rotaryBase), rotaryBase, "The base must be above 0 and finite.");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            positions?.Dispose();
        }

        base.Dispose(disposing);
    }
}
