// Adversarial examples: the gradient of the input, and training on what it gives.
class Robustness
{
    public void Train(nn.Module<Tensor, Tensor> net, IEnumerable<(Tensor X, Tensor Y)> batches)
    {
        using var optimizer = optim.SGD(net.parameters(), 0.1);
        foreach (var (x, y) in batches)
        {
            using var scope = NewDisposeScope();
            var harder = Attack(net, x, y, 0.03);
            net.train();
            optimizer.zero_grad();
            var logits = net.call(harder);
            var loss = nn.functional.cross_entropy(logits, y);
            loss.backward();
            optimizer.step();
        }
    }

    private static Tensor Attack(nn.Module<Tensor, Tensor> net, Tensor x, Tensor y, double size)
    {
        net.eval();
        var input = x.detach().clone().requires_grad_();
        nn.functional.cross_entropy(net.call(input), y).backward();
        return (x + size * input.grad!.sign()).detach();
    }
}
