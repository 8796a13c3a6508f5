using System.ComponentModel;
using System.Globalization;
using SourceNet.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices;

/// <summary>A declared model applied several times in a row, each time with parameters of its own: <c>y = blockₙ₋₁(… block₀(x))</c>.</summary>
/// <remarks>Generated code makes it. The state holds the blocks as <c>0</c>, <c>1</c>, ...</remarks>
/// <typeparam name="TBlock">The model; the shape of its output must suit its input.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Stack<TBlock> : Layer where TBlock : Model
{
    private readonly TBlock[] blocks;

    /// <param name="repeat">The number of blocks, at least 0. Without any the input is passed on.</param>
    /// <param name="create">Creates the block of an index, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative number of blocks.</exception>
    /// <exception cref="ArgumentException">A block is null, or the same as an earlier one.</exception>
    public Stack(long repeat, Func<int, TBlock> create) : base("Stack")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(repeat);
        ArgumentNullException.ThrowIfNull(create);
        blocks = new TBlock[repeat];
        for (var index = 0; index < blocks.Length; index++)
        {
            var block = create(index) ?? throw new ArgumentException($"There is no block {index}: null was created.", nameof(create));
            if (Array.IndexOf(blocks, block) is >= 0 and var earlier)
            {
                throw new ArgumentException($"Block {index} is the same object as block {earlier}: create a new one for each index.", nameof(create));
            }

            blocks[index] = Register(index.ToString(CultureInfo.InvariantCulture), block);
        }
    }

    /// <summary>The blocks in the order of the forward pass.</summary>
    public IReadOnlyList<TBlock> Blocks => blocks;

    /// <param name="input">What the first block takes.</param>
    /// <returns>What the last block gives.</returns>
    public override Tensor forward(Tensor input) => Join(ResidualSum.Of(input)).Value();

    /// <summary>
    /// The stack from a residual sum that is left open to another one, for a model whose blocks around it compute sums together with what follows.
    /// </summary>
    /// <param name="input">What the first block takes.</param>
    /// <returns>What the last block gives; open, if that is a residual sum.</returns>
    public ResidualSum Continue(ResidualSum input)
    {
        if (!HasHooks)
        {
            return Join(input);
        }

        using var x = input.Value();
        return ResidualSum.Taking(call(x));
    }

    /// <summary>The blocks one after the other. A sum that ends one and what the next begins with are computed together, where both can be.</summary>
    private ResidualSum Join(ResidualSum input)
    {
        var current = input;
        foreach (var block in blocks)
        {
            current = block.Continue(current);
        }

        return current;
    }

    /// <summary>The groups of all blocks, one after the other; the names start with the block's index.</summary>
    /// <param name="inherited">What holds where a block itself says nothing.</param>
    public IReadOnlyList<RegularizedGroup> ParameterGroups(WeightRegularization? inherited = null) =>
    [
        .. blocks.SelectMany((block, index) => RegularizedGroup.Within(index.ToString(CultureInfo.InvariantCulture), block.ParameterGroups(inherited))),
    ];
}
