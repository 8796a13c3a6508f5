// Gradients of four batches in one step; decay for matrices only.
class Accumulation
{
    private const int Every = 4;

    public float Fit(nn.Module<Tensor, Tensor> net, IReadOnlyList<(Tensor X, Tensor Y)> batches)
    {
        var matrices = net.parameters().Where(parameter => parameter.ndim > 1);
        var rest = net.parameters().Where(parameter => parameter.ndim <= 1);
        using var optimizer = optim.AdamW(
            [
                new TorchSharp.Modules.AdamW.ParamGroup { Parameters = matrices, Options = new() { weight_decay = 0.1 } },
                new TorchSharp.Modules.AdamW.ParamGroup { Parameters = rest, Options = new() { weight_decay = 0 } },
            ],
            lr: 5e-4);
        var (total, seen) = (0f, 0L);
        net.train();
        for (var i = 0; i < batches.Count; i++)
        {
            using var scope = NewDisposeScope();
            var (x, y) = batches[i];
            var logits = net.call(x);
            var loss = nn.functional.cross_entropy(logits, y);
            (loss / Every).backward();
            total += loss.item<float>() * x.shape[0];
            seen += x.shape[0];
            if ((i + 1) % Every == 0)
            {
                nn.utils.clip_grad_norm_(net.parameters(), 1);
                optimizer.step();
                optimizer.zero_grad();
            }
        }

        return total / seen;
    }
}
