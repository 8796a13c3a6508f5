public class Net : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _body;
    private readonly nn.Module<Tensor, Tensor> _head;

    public Net()
        : base("net")
    {
        _body = nn.Sequential(("fc", nn.Linear(8, 16)), ("act", nn.Tanh()));
        register_module("body", _body);
        register_module("head", _head = nn.Linear(16, 1));
    }

    public override Tensor forward(Tensor x) => _head.forward(_body.forward(x)).squeeze(-1);
}
