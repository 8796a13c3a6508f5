using static SourceNet.ActivationKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>A model inside other types, with type parameters.</summary>
public partial class Zoo<TKeeper>
{
    public partial record struct Cage
    {
        [Model, Input(6)]
        public sealed partial class Nested<TTag>(int width = 5)
            where TTag : notnull
        {
            /// <summary>Who looks after it.</summary>
            public TKeeper? Keeper { get; init; }

            /// <summary>What it is called.</summary>
            public TTag? Tag { get; init; }

            [Linear(nameof(width)), Activation(Tanh)]
            internal partial Tensor Hidden(Tensor x);

            [Linear(2), Output]
            public partial Tensor Logits(Tensor x);
        }
    }
}
