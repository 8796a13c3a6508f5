using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Analyzers.Tests.Truth;

public class AuthoringTruth
{
    private readonly Tensor _x = randn(2, 3);

    [Fact]
    [Truth("SN5001")]
    public void An_unregistered_model_has_no_parameters_and_its_dropout_stays_on_in_eval_mode()
    {
        using var model = new Unregistered();
        model.eval();
        Assert.Empty(model.parameters());
        Assert.Empty(model.state_dict());
        Assert.True(model.Dropout.training);
        Assert.Empty(Sequential(new Unregistered()).parameters());
    }

    [Fact]
    [Truth("SN5001")]
    public void An_unregistered_child_is_registered_by_its_parent()
    {
        Assert.Equal(2, new Parent(new Unregistered()).parameters().Count());
        Assert.Equal(2, new ParentOfList(new Unregistered()).parameters().Count());
    }

    [Fact]
    [Truth("SN5002")]
    public void A_layer_assigned_after_RegisterComponents_is_not_registered()
    {
        Assert.Equal(["First.weight", "First.bias"], new Late().state_dict().Keys);
        Assert.Equal(["First.weight", "First.bias"], new LateInDerived().state_dict().Keys);
        Assert.Empty(new LateInList().parameters());
    }

    [Fact]
    [Truth("SN5003")]
    public void Modules_in_a_list_are_not_registered()
    {
        Assert.Empty(new Listed().parameters());
        Assert.Equal(2, new ParentOfList(Linear(3, 3)).parameters().Count());
    }

    [Fact]
    [Truth("SN5004")]
    public void A_property_without_a_setter_fails_when_the_module_is_converted()
    {
        Assert.Throws<ArgumentException>(() => new Mirrored().to(ScalarType.Float64));
        using var stale = new MirroredBySetter().to(ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, stale.weight.dtype);
        Assert.NotEqual(ScalarType.Float64, stale.parameters().Single().dtype);
    }

    [Fact]
    [Truth("SN5005")]
    public void Sequential_disposes_what_a_layer_returns()
    {
        using var model = Sequential(Linear(3, 3), new Same(), Linear(3, 3));
        Assert.ThrowsAny<Exception>(() => model.call(_x));
        using var first = Sequential(new Same(), Linear(3, 3));
        using var input = randn(2, 3);
        first.call(input);
        Assert.True(input.IsInvalid);
        using var aliased = Sequential(new Alias(), Linear(3, 3));
        aliased.call(_x);
        Assert.False(_x.IsInvalid);
    }

    [Fact]
    [Truth("SN5006")]
    public void An_operator_in_place_returns_its_own_tensor()
    {
        using var x = ones(3);
        using (x.add_(1))
        {
        }

        Assert.True(x.IsInvalid);
    }

    [Fact]
    [Truth("SN5006")]
    public void A_few_operators_in_place_return_another_handle()
    {
        using var x = ones(3, 3);
        foreach (var operate in new Func<Tensor>[] { x.zero_, x.gelu_, () => x.elu_(), () => x.tril_(), () => x.triu_() })
        {
            operate().Dispose();
            Assert.False(x.IsInvalid);
        }
    }

    [Fact]
    [Truth("SN5008")]
    public void A_buffer_that_is_not_persistent_stays_as_it_is()
    {
        Assert.Equal(ScalarType.Float32, new Buffered(persistent: false).to(ScalarType.Float64).Mean.dtype);
        Assert.Equal(ScalarType.Float64, new Buffered(persistent: true).to(ScalarType.Float64).Mean.dtype);
    }

    [Fact]
    [Truth("SN5009")]
    public void A_field_of_a_function_holds_the_last_calls_tensor()
    {
        using var first = tensor(2f, requires_grad: true);
        using var second = tensor(5f, requires_grad: true);
        using var sum = Square.apply(first) + Square.apply(second);
        sum.backward();
        Assert.Equal(10f, first.grad!.item<float>());
        Assert.Equal(10f, second.grad!.item<float>());
    }

    [Fact]
    [Truth("SN5010")]
    public void Autograd_does_not_see_a_write_into_memory()
    {
        using var weight = new Parameter(tensor(2f));
        using var loss = weight * weight;
        weight.data<float>()[0] = 5;
        loss.backward();
        Assert.Equal(10f, weight.grad!.item<float>());
    }

    [Fact]
    [Truth("SN5013")]
    public void Data_of_another_type_throws()
    {
        using var x = ones(3, dtype: float32);
        Assert.Throws<ArgumentException>(() => x.data<double>()[0]);
        using var index = x.argmax();
        Assert.Throws<ArgumentException>(() => index.data<int>()[0]);
    }

    [Fact]
    [Truth("SN5014")]
    public void A_tensor_in_a_field_is_no_parameter()
    {
        using var model = new PlainWeight();
        Assert.Empty(model.parameters());
        Assert.Single(model.buffers());
    }

    private sealed class Unregistered() : Module<Tensor, Tensor>(nameof(Unregistered))
    {
        private readonly Linear _linear = Linear(3, 3);

        public Dropout Dropout { get; } = Dropout();

        public override Tensor forward(Tensor input) => Dropout.call(_linear.call(input));
    }

    private sealed class Parent : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> _child;

        public Parent(Module<Tensor, Tensor> child) : base(nameof(Parent))
        {
            _child = child;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _child.call(input);
    }

    private sealed class ParentOfList : Module<Tensor, Tensor>
    {
        private readonly ModuleList<Module<Tensor, Tensor>> _children;

        public ParentOfList(Module<Tensor, Tensor> child) : base(nameof(ParentOfList))
        {
            _children = new(child);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _children[0].call(input);
    }

    private class Late : Module<Tensor, Tensor>
    {
        protected readonly Linear First = Linear(3, 3);
        private readonly Linear _second;

        public Late() : base(nameof(Late))
        {
            RegisterComponents();
            _second = Linear(3, 3);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _second.call(First.call(input));
    }

    private sealed class LateInDerived : Late
    {
        private readonly Linear _third;

        public LateInDerived()
        {
            _third = Linear(3, 3);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _third.call(First.call(input));
    }

    private sealed class LateInList : Module<Tensor, Tensor>
    {
        private readonly ModuleList<Linear> _layers = new();

        public LateInList() : base(nameof(LateInList))
        {
            RegisterComponents();
            _layers.Add(Linear(3, 3));
        }

        public override Tensor forward(Tensor input) => _layers[0].call(input);
    }

    private sealed class Listed : Module<Tensor, Tensor>
    {
        private readonly List<Linear> _layers = [Linear(3, 3)];

        public Listed() : base(nameof(Listed)) => RegisterComponents();

        public override Tensor forward(Tensor input) => _layers[0].call(input);
    }

    private sealed class Mirrored : Module<Tensor, Tensor>
    {
        private readonly Parameter _weight = new(ones(3));

        public Mirrored() : base(nameof(Mirrored)) => register_parameter("weight", _weight);

        public Tensor weight => _weight;

        public override Tensor forward(Tensor input) => input * weight;
    }

    private sealed class MirroredBySetter : Module<Tensor, Tensor>
    {
        public MirroredBySetter() : base(nameof(MirroredBySetter)) => register_parameter("weight", weight);

        public Parameter weight { get; set; } = new(ones(3));

        public override Tensor forward(Tensor input) => input * weight;
    }

    private sealed class Same() : Module<Tensor, Tensor>(nameof(Same))
    {
        public override Tensor forward(Tensor input) => input;
    }

    private sealed class Alias() : Module<Tensor, Tensor>(nameof(Alias))
    {
        public override Tensor forward(Tensor input) => input.alias();
    }

    private sealed class Buffered : Module<Tensor, Tensor>
    {
        public Tensor Mean = ones(3);

        public Buffered(bool persistent) : base(nameof(Buffered)) => register_buffer("Mean", Mean, persistent);

        public override Tensor forward(Tensor input) => input - Mean;
    }

    private sealed class PlainWeight : Module<Tensor, Tensor>
    {
        private readonly Tensor _weight = ones(3, requires_grad: true);

        public PlainWeight() : base(nameof(PlainWeight)) => RegisterComponents();

        public override Tensor forward(Tensor input) => input * _weight;
    }

    private sealed class Square : autograd.SingleTensorFunction<Square>
    {
        private Tensor? _x;

        public override string Name => nameof(Square);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            _x = (Tensor)vars[0];
            return _x * _x;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [2 * _x! * grad_output];
    }
}
