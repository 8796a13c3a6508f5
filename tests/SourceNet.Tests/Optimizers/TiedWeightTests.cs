using SourceNet.Tests.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Tests.Optimizers;

/// <summary><c>head.weight = embed.weight</c>: one weight under two names and two handles.</summary>
public class TiedWeightTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_is_stepped_and_decayed_once(bool kernels)
    {
        using var scope = NewDisposeScope();
        using var model = new LanguageModel();
        using (no_grad())
        {
            model.Embed.weight!.fill_(1);
        }

        using var optimizer = new RegularizedAdamW(model.parameters(), 0.1, weightDecay: 0.1) { UsesFusedKernels = kernels };
        (model.call(tensor(new long[] { 1, 2 })).sum() * 0).backward();
        optimizer.step();

        Assert.Equal(0.99, model.Head.weight!.mean().ToDouble(), 1e-6);
        Assert.Single(optimizer.parameters());
    }

    [Fact]
    public void It_is_in_one_group_that_of_the_layer_that_comes_first()
    {
        using var scope = NewDisposeScope();
        using var model = new LanguageModel();

        var group = Assert.Single(RegularizedGroup.Of("model", model, new() { WeightDecay = 0.1 }));

        Assert.Equal(("model, no decay", 1), (group.Name, group.Parameters.Count));
    }

    [Fact]
    public void In_two_groups_it_is_refused_and_so_is_one_parameter_given_twice()
    {
        using var scope = NewDisposeScope();
        using var model = new LanguageModel();
        RegularizedGroup[] groups =
        [
            new("embeddings", WeightRegularization.None, [model.Embed.weight!]),
            new("weights", new() { WeightDecay = 0.1 }, [model.Head.weight!]),
        ];

        var error = Assert.Throws<ArgumentException>(() => new RegularizedSgd(groups, 0.1));
        Assert.Contains("in the group 'weights' belongs to a group already ('embeddings')", error.Message);
        var one = model.Head.weight!;
        Assert.Throws<ArgumentException>(() => new RegularizedSgd([one, one], 0.1));
    }

    [Fact]
    public void Memory_tells_tensors_apart_and_not_handles()
    {
        using var scope = NewDisposeScope();
        var whole = zeros(4, 2);
        var comparer = SameMemory.Comparer;
        Assert.True(comparer.Equals(whole, whole.alias()));
        Assert.Equal(comparer.GetHashCode(whole), comparer.GetHashCode(whole.alias()));
        Assert.False(comparer.Equals(whole, whole.clone()));
        // Parts of one storage are weights of their own.
        Assert.False(comparer.Equals(whole[..2], whole[2..]));
        Assert.False(comparer.Equals(whole[..2], whole));
        Assert.False(comparer.Equals(zeros(0), zeros(0)));
    }

    private sealed class LanguageModel : nn.Module<Tensor, Tensor>
    {
        public LanguageModel() : base("LanguageModel")
        {
            Head.weight = Embed.weight!;
            RegisterComponents();
        }

        public Embedding Embed { get; } = nn.Embedding(100, 16);

        public Linear Head { get; } = nn.Linear(16, 100, hasBias: false);

        protected override void RegisterComponents()
        {
            register_module("embed", Embed);
            register_module("head", Head);
        }

        public override Tensor forward(Tensor x)
        {
            using var embedded = Embed.call(x);
            return Head.call(embedded);
        }
    }
}
